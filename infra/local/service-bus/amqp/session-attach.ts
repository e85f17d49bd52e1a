import terminus from 'rhea/lib/terminus.js';
import type { Deadlines } from '../broker/deadlines.ts';
import type { HeldSession } from '../broker/held-session.ts';
import type { Sessions } from '../broker/sessions.ts';
import { ServiceBusError } from '../service-bus-error.ts';
import type { AmqpSession, Attach, Frame, Terminus } from './rhea-internals.ts';

export const sessionFilter = 'com.microsoft:session-filter';

/** What an attach asks for: no session, any free session, or the one of that id. */
export type Wish = { kind: 'none' } | { kind: 'next' } | { kind: 'named'; sessionId: string };

export function wishOf(source: Terminus | null): Wish {
  const filter = source?.filter;
  if (filter === undefined || filter === null || !(sessionFilter in filter)) return { kind: 'none' };
  const value = filter[sessionFilter];
  const plain = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  return typeof plain === 'string' ? { kind: 'named', sessionId: plain } : { kind: 'next' };
}

interface Holding {
  /** The sessions of the entity this source names; undefined where none apply, so that the attach goes on and is refused. */
  sessionsAt(address: string): Sessions | undefined;
  deadlines: Deadlines;
}

/** Used when the client does not say how long it waits; Service Bus's own limit is close to it. */
const defaultWaitMs = 60_000;

/**
 * Holds back the answer to an attach that asks for the next free session until there is one or the client's time is out:
 * to the client, the attach itself is the long poll.
 */
export class SessionAttaches {
  readonly #holding: Holding;
  readonly #waiting = new Map<number, { giveUp: () => void; forget: () => void }>();
  readonly #outcomes = new Map<string, HeldSession | ServiceBusError>();

  constructor(session: AmqpSession, holding: Holding) {
    this.#holding = holding;
    const attach = session.on_attach.bind(session);
    session.on_attach = (frame) => {
      const sessions = this.#sessionsWished(frame);
      if (sessions === undefined) attach(frame);
      else this.#wait(sessions, frame, attach);
    };
    const detach = session.on_detach.bind(session);
    session.on_detach = (frame) => {
      // A client that gives up detaches a link that was never answered: it is answered first, with the refusal.
      this.#waiting.get(frame.performative.handle)?.giveUp();
      detach(frame);
    };
    const flow = session.on_flow.bind(session);
    session.on_flow = (frame) => {
      const handle = frame.performative.handle;
      if (handle === undefined || handle === null || session.remote.handles[handle] !== undefined) flow(frame);
    };
  }

  /** The session an attach has waited for, or why it got none; undefined when it did not have to wait. */
  outcomeFor(linkName: string): HeldSession | ServiceBusError | undefined {
    const outcome = this.#outcomes.get(linkName);
    this.#outcomes.delete(linkName);
    return outcome;
  }

  /** The peer is gone: nobody waits any more. */
  close(): void {
    for (const { forget } of this.#waiting.values()) forget();
  }

  #sessionsWished({ performative }: Frame<Attach>): Sessions | undefined {
    if (!performative.role) return undefined;
    const source = terminus.unwrap(performative.source);
    if (source?.address === undefined || wishOf(source).kind !== 'next') return undefined;
    return this.#holding.sessionsAt(source.address);
  }

  #wait(sessions: Sessions, frame: Frame<Attach>, attach: (frame: Frame<Attach>) => void): void {
    const { handle, name, properties } = frame.performative;
    const { deadlines } = this.#holding;
    const answer = (outcome: HeldSession | ServiceBusError): void => {
      this.#outcomes.set(name, outcome);
      attach(frame);
    };
    const free = sessions.acceptNext();
    if (free !== undefined) {
      answer(free);
      return;
    }
    const forget = (): void => {
      stopWaiting();
      stopTimer();
      this.#waiting.delete(handle);
    };
    const giveUp = (): void => {
      forget();
      answer(noSession());
    };
    const asked = properties?.['com.microsoft:timeout'];
    const stopTimer = deadlines.at(deadlines.now() + (typeof asked === 'number' ? asked : defaultWaitMs), giveUp);
    const stopWaiting = sessions.waitForNext((held) => {
      forget();
      answer(held);
    });
    this.#waiting.set(handle, { giveUp, forget });
  }
}

const noSession = (): ServiceBusError =>
  new ServiceBusError('com.microsoft:timeout', 408, 'No session with messages became free in time.');
