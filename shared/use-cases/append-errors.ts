import { deltasOf, rowOf, type Uncountable } from '../correlation/delta.ts';
import { hash64 } from '../correlation/hash.ts';
import { rememberingFrames } from '../correlation/normalise-frame.ts';
import type { ErrorDelta, ErrorReport } from '../correlation/words.ts';
import type { Ports } from '../ports.ts';
import { announceDeadLetter, storeDeadLetter } from './dead-letters.ts';

/** The queue that error reports come by: where a dead letter of one is sent again. */
export const ERROR_REPORTS = 'error-reports';

/** Characters of a refused message that are kept, as of any dead letter. */
const mostKept = 450_000;

export type AppendPorts = Pick<Ports, 'now' | 'apps' | 'errors' | 'deadLetters' | 'events' | 'log'>;

/** One message, read: what identifies it, and the reports packed in it. */
export interface DecodedErrors {
  event: { source: string; id: string };
  reports: ErrorReport[];
}

export interface Appended {
  messages: number;
  reports: number;
  deltas: number;
  deadLetters: number;
}

/**
 * Writes what a batch of messages adds to the counts, in one append. However the messages are delivered again or regrouped, they
 * rewrite their own rows: nothing is counted twice. Reports of an unknown app or environment, or with an impossible time, become
 * dead letters. Throws only when storage does not take them; the messages then come again.
 */
export async function appendErrors(ports: AppendPorts, decoded: DecodedErrors[]): Promise<Appended> {
  const lanes = new Set<string>(ports.apps.lanes());
  const now = ports.now();
  const keyOf = rememberingFrames();
  const deltas = new Map<string, ErrorDelta>();
  const refused: { event: DecodedErrors['event']; reports: Uncountable[] }[] = [];
  for (const { event, reports } of decoded) {
    const known = deltasOf(event, reports, now, lanes, keyOf);
    // The same message twice in one batch has the same keys with the same sums: the later is the row, not an addition.
    for (const delta of known.deltas) deltas.set(rowOf(delta), delta);
    if (known.uncountable.length > 0) refused.push({ event, reports: known.uncountable });
  }
  if (deltas.size > 0) await ports.errors.append([...deltas.values()]);
  let deadLetters = 0;
  for (const { event, reports } of refused) deadLetters += await refuse(ports, event, reports);
  return {
    messages: decoded.length,
    reports: decoded.reduce((sum, { reports }) => sum + reports.length, 0),
    deltas: deltas.size,
    deadLetters,
  };
}

/** One letter for each reason, so that a misconfigured sender costs a row a message and not one a report. */
async function refuse(ports: AppendPorts, event: DecodedErrors['event'], reports: Uncountable[]): Promise<number> {
  const byReason = new Map<string, Uncountable[]>();
  for (const one of reports) byReason.set(one.why, [...(byReason.get(one.why) ?? []), one]);
  for (const [why, refused] of byReason) {
    const letter = await storeDeadLetter(ports, ERROR_REPORTS, kept(again(event, why, refused)), why);
    await announceDeadLetter(ports, letter);
  }
  return byReason.size;
}

/** The refused reports as a message of their own: sent again, they must not rewrite the rows of the others. */
function again({ source, id }: DecodedErrors['event'], why: string, refused: Uncountable[]): object {
  const reports = refused.map(({ report }) => report);
  return {
    specversion: '1.0',
    type: 'io.warmswap.error.reported',
    source,
    id: `${id}~${hash64(why)}`,
    data: reports.length === 1 ? reports[0] : reports,
  };
}

/** Kept whole where it fits a row of the table: what was decoded is bounded, and no reader cut it. */
function kept(message: object): { text: string; truncated: boolean } {
  const text = JSON.stringify(message);
  return { text: text.slice(0, mostKept), truncated: text.length > mostKept };
}
