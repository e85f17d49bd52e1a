import type { BuildRow, JournalEntry, PendingEffect, Seen } from '../../lane/effect.ts';
import type { DeploymentRecord } from '../../lane/lane.ts';
import type { BuildId, DeploymentId, LaneId } from '../../lane/words.ts';
import type { JournalHead, LaneChange, StoredLane } from '../../ports.ts';
import { timeOf } from './deployment-time.ts';
import { chained } from './journal-chain.ts';
import { encodeKey, highestFirst, inOrder, newestFirst } from './key.ts';
import { tracesBeside } from './lane-traces.ts';
import { type Row, TooLarge, toRow } from './row.ts';
import type { Write } from './table.ts';

/** The rows of a lane's partition in `Lanes`. Parts of a key are separated by `!`, which encoded text never holds. */
export const partitionOf = (lane: LaneId): string => encodeKey(lane);

export const laneKey = 'lane';
export const buildKey = (id: BuildId): string => `build!${encodeKey(id)}`;
export const effectKey = (seq: number): string => `effect!${inOrder(seq)}`;
/** Newest first, so that the latest entries are the first page. */
export const journalKey = (seq: number): string => `journal!${highestFirst(seq)}`;
export const seenKey = (input: string): string => `seen!${encodeKey(input)}`;
export const noticeKey = (subject: string): string => `notice!${encodeKey(subject)}`;

/** Null for an id that no deployment can have. */
export function deploymentKey(id: DeploymentId): string | null {
  const createdAt = timeOf(id);
  return createdAt === null ? null : `deployment!${newestFirst(createdAt)}!${encodeKey(id)}`;
}

/**
 * The lane row holds ids and the current step only: a few thousand characters as a rule, below 30,000 with the longest policy, versions
 * and queue, and below this with every text as long as its decoder lets it be (test/lane/largest-row). It is a guard, not a budget.
 */
const LANE_CHARACTERS = 96_000;
const MOST_ROWS = 40;

interface Beside {
  pending: PendingEffect[];
  journal: JournalHead;
  writeId: string;
}

function laneRow({ lane, attentionAt, traces }: LaneChange, { pending, journal, writeId }: Beside): Row {
  return toRow(
    partitionOf(lane.id),
    laneKey,
    lane,
    {
      lane: lane.id,
      step: lane.step,
      // Nothing to come back for: no property, and the filter of the sweep does not see the row.
      ...(attentionAt === null ? {} : { attentionAt }),
      writeId,
      pending: pending.map(({ seq }) => seq).join(','),
      headSeq: journal.seq,
      headHash: journal.hash,
      ...tracesBeside(traces),
    },
    LANE_CHARACTERS,
  );
}

/** The sequence numbers of the effects pending beside a lane row: reading it alone tells that there are none. */
export function pendingIn(row: Row): number[] {
  const text = String(row.pending ?? '');
  return text === '' ? [] : text.split(',').map(Number);
}

/** The head of the journal, as the lane row carries it. Throws where it carries none. */
export function headIn({ partitionKey, headSeq, headHash }: Row): JournalHead {
  if (typeof headSeq !== 'number' || typeof headHash !== 'string')
    throw new Error(`the lane row of ${partitionKey} does not carry the head of its journal`);
  return { seq: headSeq, hash: headHash };
}

/** The one transaction of a change, what is pending after it, and where the journal then ends. Throws TooLarge when it is no change but a flood. */
export function transactionOf(
  stored: StoredLane,
  change: LaneChange,
  writeId: string,
): { writes: Write[]; pending: PendingEffect[]; journal: JournalHead } {
  const lane = change.lane.id;
  const partition = partitionOf(lane);
  const settled = new Set(change.settled);
  const effects = change.effects.filter(({ seq }) => !settled.has(seq));
  const pending = [...byKey([...stored.pending, ...effects], ({ seq }) => seq).values()]
    .filter(({ seq }) => !settled.has(seq))
    .sort((a, b) => a.seq - b.seq);
  const { rows: entries, head: journal } = chained(stored.journal, entriesOf(partition, change));
  const row = laneRow(change, { pending, journal, writeId });
  const writes: Write[] = [
    stored.etag === null ? { write: 'create', row } : { write: 'replace', row, etag: stored.etag },
    // Only what is there: deleting a row that is not would fail the whole transaction.
    ...stored.pending.filter(({ seq }) => settled.has(seq)).map(({ seq }) => gone(partition, effectKey(seq))),
    ...entries.map(put),
    ...rowsOf(partition, { ...change, effects }).map(put),
  ];
  if (writes.length > MOST_ROWS)
    throw new TooLarge(`a change of lane ${lane} writes ${writes.length} rows; at most ${MOST_ROWS} change together`);
  return { writes, pending, journal };
}

function entriesOf(partition: string, { journal }: LaneChange): { seq: number; row: Row }[] {
  return [...byKey(journal, ({ seq }) => seq).values()]
    .sort((a, b) => a.seq - b.seq)
    .map((entry: JournalEntry) => ({
      seq: entry.seq,
      row: toRow(partition, journalKey(entry.seq), entry, { deployment: entry.deployment ?? '' }),
    }));
}

function rowsOf(partition: string, change: LaneChange): Row[] {
  const rows = [
    ...change.effects.map((effect: PendingEffect) => toRow(partition, effectKey(effect.seq), effect)),
    ...change.records.map((record: DeploymentRecord) => toRow(partition, recordKey(record), record)),
    ...change.builds.map((row: BuildRow) => toRow(partition, buildKey(row.build.id), row)),
    ...change.seen.map((seen: Seen) => toRow(partition, seenKey(seen.input), seen, { at: seen.at })),
  ];
  return [...byKey(rows, (row) => row.rowKey).values()];
}

function recordKey(record: DeploymentRecord): string {
  const key = deploymentKey(record.id);
  if (key === null) throw new RangeError(`${record.id} is no deployment id: it does not begin with its time`);
  return key;
}

/** The last of equal keys: an entity may stand once in a transaction. */
const byKey = <Item, Key>(items: Item[], key: (item: Item) => Key): Map<Key, Item> =>
  new Map(items.map((item) => [key(item), item]));

const put = (row: Row): Write => ({ write: 'put', row });
const gone = (partitionKey: string, rowKey: string): Write => ({ write: 'delete', partitionKey, rowKey });
