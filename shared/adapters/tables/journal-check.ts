import type { JournalEntry } from '../../lane/effect.ts';
import type { JournalHead } from '../../ports.ts';
import { fitsItsHash, noEntries } from './journal-chain.ts';
import { fromRow, type Row } from './row.ts';

/** What a row of the journal is to the chain: all that has to be kept of it to judge the whole. */
export interface Link {
  rowKey: string;
  /** The number its key says, and the one its text says; null: none. */
  seq: number | null;
  said: number | null;
  previous: unknown;
  hash: unknown;
  /** It is as its own hash has it. */
  fits: boolean;
}

export interface JournalFault {
  /** Of the first entry that is wrong; null: the lane row, or a row that is no entry. */
  seq: number | null;
  what: 'edited' | 'missing' | 'out of order' | 'put in' | 'tail cut' | 'written anew' | 'lane row';
  why: string;
}

/** The head as the lane row had it before the journal was read, and after: entries may be written meanwhile. */
export interface Heads {
  before: JournalHead;
  after: JournalHead;
}

export function linkOf(row: Row): Link {
  return {
    rowKey: row.rowKey,
    seq: numberIn(row.rowKey),
    said: numberSaid(row),
    previous: row.previous,
    hash: row.hash,
    fits: fitsItsHash(row),
  };
}

/** Keys count down, so that the latest entries are the first page. */
function numberIn(rowKey: string): number | null {
  const digits = /^journal!(\d{10})$/.exec(rowKey)?.[1];
  const seq = digits === undefined ? 0 : 9_999_999_999 - Number(digits);
  return seq > 0 ? seq : null;
}

function numberSaid(row: Row): number | null {
  try {
    const { seq } = fromRow<Partial<JournalEntry>>(row);
    return typeof seq === 'number' ? seq : null;
  } catch {
    return null;
  }
}

/**
 * The first thing that is wrong with a journal; null: nothing. `links` in the order of their keys, which is newest first. What it
 * cannot find is a chain that was made anew from some entry to its end, the lane row included: heads kept elsewhere find that.
 */
export function faultIn(links: readonly Link[], heads: Heads): JournalFault | null {
  const oldestFirst = links.toReversed();
  let last: { seq: number; hash: unknown } = noEntries;
  for (const link of oldestFirst) {
    const fault = faultOf(link, last, oldestFirst);
    if (fault !== null) return fault;
    last = { seq: link.seq ?? 0, hash: link.hash };
  }
  return headFault(oldestFirst, last, heads);
}

function faultOf(link: Link, last: { seq: number; hash: unknown }, all: readonly Link[]): JournalFault | null {
  const { seq, said, previous, hash, fits } = link;
  if (seq === null) return { seq, what: 'put in', why: `the key ${link.rowKey} is no entry's` };
  if (said !== null && said !== seq) return { seq, what: 'out of order', why: `entry ${said} lies in its place` };
  if (typeof hash !== 'string' || typeof previous !== 'string')
    return { seq, what: 'edited', why: 'it does not carry its hash and that of the entry before it' };
  if (!fits) return { seq, what: 'edited', why: 'it is not as its hash has it' };
  if (previous === last.hash) return null;
  const followed = previous === '' ? noEntries : all.find((one) => one.hash === previous);
  if (followed !== undefined && followed.seq !== null && followed.seq < last.seq)
    return { seq: last.seq, what: 'put in', why: `entry ${seq} does not follow it, but ${named(followed.seq)}` };
  return {
    seq,
    what: 'missing',
    why: `it does not follow ${named(last.seq)}: what it followed was taken away or written anew`,
  };
}

const named = (seq: number): string => (seq === 0 ? 'the beginning' : `entry ${seq}`);

function headFault(
  oldestFirst: readonly Link[],
  last: { seq: number; hash: unknown },
  { before, after }: Heads,
): JournalFault | null {
  const beyond = oldestFirst.find(({ seq }) => seq !== null && seq > after.seq);
  if (beyond !== undefined)
    return { seq: beyond.seq, what: 'put in', why: `the lane row says that the journal ends with entry ${after.seq}` };
  if (last.seq < before.seq)
    return {
      seq: last.seq + 1,
      what: 'tail cut',
      why: `the journal ends with entry ${last.seq}, and the lane row says ${before.seq}`,
    };
  for (const head of last.seq < after.seq ? [before] : [before, after]) {
    if (liesOn(oldestFirst, head)) continue;
    return { seq: null, what: 'lane row', why: `the head it carries, ${headText(head)}, is no entry of the journal` };
  }
  return null;
}

export const headText = ({ seq, hash }: JournalHead): string => (seq === 0 ? 'none' : `${seq} ${hash}`);

/** Whether a journal had this head once. */
export const liesOn = (links: readonly Link[], head: JournalHead): boolean =>
  head.seq === 0 ? head.hash === '' : links.some(({ seq, hash }) => seq === head.seq && hash === head.hash);
