import { decode, encode } from '../../shared/adapters/tables/codec.ts';
import type { Row } from '../../shared/adapters/tables/row.ts';
import type { Facts, LaneEvent } from '../../shared/lane/decision.ts';

/** How a save came about: by a decision that moved, that ignored a sender who may ask, or a result nobody waited for; or by the shell alone. */
export type SaveKind = 'move' | 'ignored' | 'settled' | 'shell';

/** One thing that happened in a life: what was decided, what was saved then, or both. */
export interface Happening {
  decided: { event: LaneEvent; facts: Omit<Facts, 'policy' | 'timing' | 'pending'>; because: string | null } | null;
  saved: { kind: SaveKind; rows: Row[]; gone: string[] } | null;
}

export interface Message {
  queue: string;
  body: unknown;
}

/** A whole life of a lane as a version of this service lived it: all that its decider was told, and all that it stored. */
export interface History {
  version: string;
  life: string;
  lane: string;
  policy: Facts['policy'];
  timing: Facts['timing'];
  happenings: Happening[];
  messages: Message[];
}

/** The write id is random; it says nothing. */
export const writeId = 'w';

/** As JSON, one happening a line. A state is text within that text: the very bytes that were stored. */
export function written({ happenings, messages, ...head }: History): string {
  const lines = (all: unknown[]): string => all.map((one) => encode(one)).join(',\n');
  return `${encode(head).slice(0, -1)},\n"happenings":[\n${lines(happenings)}\n],\n"messages":[\n${lines(messages)}\n]}\n`;
}

export const readHistory = (text: string): History => decode<History>(text);
