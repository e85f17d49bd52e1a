import type { TableClient } from '@azure/data-tables';
import { noEntries } from '../../../shared/adapters/tables/journal-chain.ts';
import {
  faultIn,
  headText,
  type JournalFault,
  type Link,
  liesOn,
  linkOf,
} from '../../../shared/adapters/tables/journal-check.ts';
import { inPartition } from '../../../shared/adapters/tables/key.ts';
import { INDEX, laneOfEntry } from '../../../shared/adapters/tables/lane-index.ts';
import { headIn, laneKey, partitionOf } from '../../../shared/adapters/tables/lane-rows.ts';
import type { Row } from '../../../shared/adapters/tables/row.ts';
import type { LaneId } from '../../../shared/lane/words.ts';
import type { JournalHead } from '../../../shared/ports.ts';
import { firstRow, partitionsOf, rowAt, rowsOf } from '../rows.ts';

/** What a journal turned out to be. */
export interface Verdict {
  lane: string;
  entries: number;
  /** Where it ends. */
  head: JournalHead;
  /** The first that is wrong; null: nothing. */
  fault: JournalFault | null;
}

export type RecordedHeads = ReadonlyMap<string, JournalHead>;

/** Every lane: those that have a row of any kind, those the index knows, and those whose heads were recorded. Throws Unreachable. */
export async function* verifyAll(client: TableClient, recorded: RecordedHeads): AsyncGenerator<Verdict> {
  const known = new Map([...recorded.keys()].map((lane) => [partitionOf(lane as LaneId), lane]));
  for await (const row of rowsOf(client, inPartition(INDEX))) known.set(row.rowKey, laneOfEntry(row));
  for await (const partition of partitionsOf(client)) {
    if (partition === INDEX) continue;
    const verdict = await verify(client, partition, known.get(partition) ?? partition, recorded);
    if (verdict === null) continue;
    known.delete(partition);
    yield verdict;
  }
  for (const lane of known.values()) yield gone(lane, recorded.get(lane) ?? null);
}

/** Null: there is no such lane. Throws Unreachable. */
export async function verifyOne(client: TableClient, lane: string, recorded: RecordedHeads): Promise<Verdict | null> {
  const partition = partitionOf(lane as LaneId);
  const verdict = await verify(client, partition, lane, recorded);
  if (verdict !== null) return verdict;
  const isKnown = recorded.has(lane) || (await rowAt(client, INDEX, partition)) !== null;
  return isKnown ? gone(lane, recorded.get(lane) ?? null) : null;
}

const gone = (lane: string, recorded: JournalHead | null): Verdict => ({
  lane,
  entries: 0,
  head: noEntries,
  fault: {
    seq: null,
    what: 'missing',
    why:
      recorded === null
        ? 'the index knows this lane, and nothing of it is left'
        : `nothing of the lane is left; its head was recorded as ${headText(recorded)}`,
  },
});

/** `lane`: its name, for where its own row does not say it. Null: nothing but notices lies in the partition. */
async function verify(
  client: TableClient,
  partition: string,
  lane: string,
  recorded: RecordedHeads,
): Promise<Verdict | null> {
  // Entries may be written meanwhile: the head is read before them and after them.
  const first = await rowAt(client, partition, laneKey);
  const links = await linksIn(client, partition);
  const then = await rowAt(client, partition, laneKey);
  const read = { lane, entries: links.length, head: endOf(links) };
  if (then === null) {
    if (!(await isLane(client, partition))) return null;
    return { ...read, fault: { seq: null, what: 'lane row', why: 'it was taken away' } };
  }
  const misnamed = laneFault(then, partition);
  if (misnamed !== null) return { ...read, fault: misnamed };
  const name = String(then.lane);
  const fault = journalFault(links, first, then) ?? recordedFault(links, recorded.get(name));
  return { ...read, lane: name, fault };
}

/** Of the newest entry that was read. */
function endOf([newest]: Link[]): JournalHead {
  if (newest === undefined) return noEntries;
  return { seq: newest.seq ?? 0, hash: String(newest.hash ?? '') };
}

async function linksIn(client: TableClient, partition: string): Promise<Link[]> {
  const links: Link[] = [];
  for await (const row of rowsOf(client, inPartition(partition, 'journal!'))) links.push(linkOf(row));
  return links;
}

/** A lane of which errors alone are known has notices in the table, and nothing else. */
async function isLane(client: TableClient, partition: string): Promise<boolean> {
  for (const keys of ["RowKey lt 'notice!'", "RowKey ge 'notice\"'"])
    if ((await firstRow(client, `${inPartition(partition)} and ${keys}`)) !== null) return true;
  return false;
}

function laneFault(row: Row, partition: string): JournalFault | null {
  if (typeof row.lane === 'string' && partitionOf(row.lane as LaneId) === partition) return null;
  return { seq: null, what: 'lane row', why: 'it names another lane than the one it lies under' };
}

function journalFault(links: Link[], first: Row | null, then: Row): JournalFault | null {
  try {
    return faultIn(links, { before: first === null ? noEntries : headIn(first), after: headIn(then) });
  } catch (error) {
    return { seq: null, what: 'lane row', why: error instanceof Error ? error.message : String(error) };
  }
}

function recordedFault(links: Link[], head: JournalHead | undefined): JournalFault | null {
  if (head === undefined || liesOn(links, head)) return null;
  return {
    seq: head.seq,
    what: 'written anew',
    why: `the journal does not lead over its recorded head, ${headText(head)}`,
  };
}
