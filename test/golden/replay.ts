import { isDeepStrictEqual } from 'node:util';
import { encode } from '../../shared/adapters/tables/codec.ts';
import { faultIn, linkOf } from '../../shared/adapters/tables/journal-check.ts';
import { headIn, transactionOf } from '../../shared/adapters/tables/lane-rows.ts';
import { laneStore } from '../../shared/adapters/tables/lane-store.ts';
import { fromRow, type Row } from '../../shared/adapters/tables/row.ts';
import type { Write } from '../../shared/adapters/tables/table.ts';
import { decide } from '../../shared/lane/decide.ts';
import type { JournalEntry, PendingEffect, Seen } from '../../shared/lane/effect.ts';
import type { LaneId } from '../../shared/lane/words.ts';
import type { StoredLane } from '../../shared/ports.ts';
import { commit, commitIgnored, commitSettled, type Saving } from '../../shared/use-cases/commit.ts';
import { AZURE } from '../../shared/wire/durations.ts';
import { MemoryRows, memoryTable } from '../ports/memory-table.ts';
import { noScope } from '../ports/no-scope.ts';
import { type Happening, type History, writeId } from './history.ts';

type Saved = NonNullable<Happening['saved']>;

export interface Replaying {
  /** Of this version's own set: what is stored must be the same bytes. Of an older one: what was known then is as it was. */
  bytes: boolean;
  decide?: typeof decide;
}

/**
 * Goes through a recorded life: each row is read, and from each state the lane was in, as it was stored then, today's code decides and
 * saves what came next. As every step of a fold is made anew from what its version had stored, the life may be taken over at any of
 * them. Gives what is not as it was; nothing else is thrown.
 */
export async function differences(history: History, how: Replaying): Promise<string[]> {
  const rows = new MemoryRows('Lanes');
  const store = laneStore(memoryTable(rows));
  const found: string[] = [];
  for (const [index, happening] of history.happenings.entries()) {
    const { decided, saved } = happening;
    const at = `happening ${index + 1}, ${decided?.event.type ?? saved?.kind}`;
    try {
      const stored = await store.load(history.lane as LaneId);
      if (decided !== null)
        found.push(...(await decidedAnew(history, happening, stored, how)).map((one) => `${at}: ${one}`));
      if (saved === null) continue;
      found.push(...saved.rows.flatMap((row) => unread(row, how)).map((one) => `${at}: ${one}`));
      rows.transact([
        ...saved.rows.map((row): Write => ({ write: 'put', row })),
        ...saved.gone.map((rowKey): Write => ({ write: 'delete', partitionKey: history.lane, rowKey })),
      ]);
    } catch (error) {
      found.push(`${at}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return [...found, ...brokenJournal(rows, history.lane)];
}

async function decidedAnew(
  history: History,
  { decided, saved }: Happening,
  stored: StoredLane,
  how: Replaying,
): Promise<string[]> {
  if (decided === null) return [];
  const { event, because } = decided;
  const settled = event.type === 'settled' ? (saved?.gone ?? []).map((key) => Number(key.split('!')[1])) : [];
  const facts = {
    ...decided.facts,
    policy: history.policy,
    timing: { ...AZURE, ...history.timing },
    pending: stored.pending.filter(({ seq }) => !settled.includes(seq)).map(({ effect }) => effect),
  };
  const decision = (how.decide ?? decide)(facts, stored.lane, event);
  const said = decision.kind === 'ignore' ? decision.because : null;
  if (said !== because) return [`it was ${became(because)}, and is ${became(said)}`];
  if (saved === null) return [];
  let writes: Write[] = [];
  const ports: Saving = {
    scope: noScope,
    log: { info: () => undefined, error: () => undefined },
    now: () => facts.now,
    lanes: {
      ...laneStore(memoryTable(rowsWith(saved))),
      save: async (before, change) => {
        ({ writes } = transactionOf(before, change, writeId));
        return before;
      },
    },
  };
  const seen = contents<Seen>(saved, 'seen!');
  const [entry] = contents<JournalEntry>(saved, 'journal!');
  const cause = { input: entry?.input ?? '', by: entry?.by ?? null, settled, seen };
  const effects = contents<PendingEffect>(saved, 'effect!').map(({ effect }) => effect);
  if (decision.kind === 'move') await commit(ports, stored, decision, cause);
  else if (seen[0] !== undefined) await commitIgnored(ports, stored, effects, seen[0], decision.keep);
  else await commitSettled(ports, stored, settled, []);
  return compared(saved, writes, how);
}

const became = (because: string | null): string => (because === null ? 'acted upon' : `ignored: ${because}`);

/** A build that is quarantined is read before its row is written anew. */
function rowsWith({ rows }: Saved): MemoryRows {
  const found = new MemoryRows('Lanes');
  found.transact(rows.filter(({ rowKey }) => rowKey.startsWith('build!')).map((row) => ({ write: 'put', row })));
  return found;
}

const contents = <Content>({ rows }: Saved, prefix: string): Content[] =>
  rows.filter(({ rowKey }) => rowKey.startsWith(prefix)).map((row) => fromRow<Content>(row));

function compared({ rows, gone }: Saved, writes: Write[], { bytes }: Replaying): string[] {
  const ours = new Map(
    writes.flatMap((write) => (write.write === 'delete' ? [] : [[write.row.rowKey, write.row] as const])),
  );
  const deleted = writes.flatMap((write) => (write.write === 'delete' ? [write.rowKey] : []));
  const keys = rows.map(({ rowKey }) => rowKey);
  if (!isDeepStrictEqual([[...ours.keys()].sort(), deleted.sort()], [[...keys].sort(), [...gone].sort()]))
    return [
      `it wrote ${keys.join(' ')} and deleted ${gone.join(' ')}; now ${[...ours.keys()].join(' ')} and ${deleted.join(' ')}`,
    ];
  return rows.flatMap((theirs) => {
    const row = ours.get(theirs.rowKey);
    const isSame =
      row !== undefined &&
      (bytes ? isDeepStrictEqual(theirs, row) : holds(fromRow<unknown>(row), fromRow<unknown>(theirs)));
    return isSame ? [] : [`the row ${theirs.rowKey} was ${encode(theirs)}, and is ${encode(row)}`];
  });
}

/** A row comes out of its codec as it went in. */
function unread(row: Row, { bytes }: Replaying): string[] {
  const text = encode(fromRow<unknown>(row));
  return bytes && text !== row.state ? [`the text of ${row.rowKey} was ${String(row.state)}, and is ${text}`] : [];
}

/** All that was known then is so now; what is known besides is nobody's matter. */
function holds(ours: unknown, theirs: unknown): boolean {
  if (typeof theirs !== 'object' || theirs === null || theirs instanceof Date) return isDeepStrictEqual(ours, theirs);
  if (typeof ours !== 'object' || ours === null || Array.isArray(ours) !== Array.isArray(theirs)) return false;
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length !== theirs.length) return false;
  return Object.entries(theirs).every(([key, value]) => holds((ours as Record<string, unknown>)[key], value));
}

function brokenJournal(rows: MemoryRows, lane: string): string[] {
  const row = rows.get(lane, 'lane');
  const journal = rows.query({ filter: `PartitionKey eq '${lane}' and RowKey ge 'journal!' and RowKey lt 'journal"'` });
  if (row === null || journal.length === 0) return ['there is no journal'];
  const head = headIn(row);
  const fault = faultIn(journal.map(linkOf), { before: head, after: head });
  return fault === null ? [] : [`its journal is broken at entry ${fault.seq}: ${fault.why}`];
}
