import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTables } from '../../../shared/adapters/tables/connect.ts';
import { errorStore } from '../../../shared/adapters/tables/error-store.ts';
import { Conflict, type Table } from '../../../shared/adapters/tables/table.ts';
import { timelineOf } from '../../../shared/correlation/attribution.ts';
import { sum } from '../../../shared/correlation/sum.ts';
import type { Fingerprint, LaneId, Version } from '../../../shared/lane/words.ts';
import { readErrors } from '../../../shared/use-cases/errors-read.ts';
import { aDelta, at, freshLane } from '../../contract/builders.ts';
import { connectionString, type LocalStorage, startStorage } from '../../local-azure.ts';
import { noCredential } from '../no-credential.ts';

let storage: LocalStorage;
let deltas: Table;
let groups: Table;

beforeAll(async () => {
  storage = await startStorage();
  const tables = openTables(
    { connectionString: connectionString({ blob: storage.blobPort, table: storage.tablePort }) },
    noCredential,
  );
  [deltas, groups] = [tables('ErrorDeltas'), tables('ErrorGroups')];
}, 60_000);
afterAll(() => storage.close());

/** The table until so many of its transactions were carried out; the next meets somebody who was faster. */
function forTransactions(most: number): Table {
  let carriedOut = 0;
  return {
    ...deltas,
    async transact(writes) {
      if (carriedOut === most) throw new Conflict('somebody was faster');
      const etag = await deltas.transact(writes);
      carriedOut += 1;
      return etag;
    },
  };
}

/** The store, with something done before the query of that number. */
function beforeQuery(number: number, happens: () => Promise<unknown>): ReturnType<typeof errorStore> {
  let queries = 0;
  const table: Table = {
    ...deltas,
    async query(options) {
      queries += 1;
      if (queries === number) await happens();
      return deltas.query(options);
    },
  };
  return errorStore({ deltas: table, groups }, () => new Date());
}

/** 255 rows in two versions and seven minutes: four transactions of a compaction, of which two end within a minute. */
async function filled(): Promise<LaneId> {
  const lane = freshLane();
  const minutes = ['10:00', '10:01', '10:02', '10:03', '10:04'];
  const ofVersion = (version: string, rows: number) => (minute: string) =>
    Array.from({ length: rows }, (_, n) => {
      const fingerprint = `f${n % 2}` as Fingerprint;
      return aDelta(lane, { version: version as Version, minute: at(minute), batch: `m${n}`, fingerprint });
    });
  await errorStore({ deltas, groups }, () => new Date()).append([
    ...minutes.flatMap(ofVersion('1.0.0', 45)),
    ...['10:05', '10:06'].flatMap(ofVersion('1.1.0', 15)),
  ]);
  return lane;
}

const compactedBeside = (lane: LaneId, transactions: number) => (): Promise<{ deleted: number }> =>
  errorStore({ deltas: forTransactions(transactions), groups }, () => new Date()).compact(lane, at('11:00'));

const counted = ({ deltas, compacted }: Awaited<ReturnType<typeof readErrors>>) => {
  const all = [...sum(deltas, compacted, timelineOf([])).groups.values()];
  return {
    total: all.reduce((count, group) => count + group.total, 0),
    late: all.reduce((count, group) => count + group.late, 0),
  };
};

const transactions = [1, 2, 3, 4];

test.each([1, 2, 3].flatMap((query) => transactions.map((count) => ({ query, count }))))(
  '$count transactions of a compaction before query $query: each report is counted once, and none is late',
  async ({ query, count }) => {
    const lane = await filled();
    let deleted = 0;
    const store = beforeQuery(query, async () => {
      deleted = (await compactedBeside(lane, count)()).deleted;
    });
    expect(counted(await readErrors(store, lane))).toEqual({ total: 255, late: 0 });
    expect(deleted).toBeGreaterThan(0);
  },
);

test.each(transactions)(
  'without a second look at the sums, %i transactions in between would be told wrongly',
  async (count) => {
    const lane = await filled();
    const twice = beforeQuery(2, compactedBeside(lane, count));
    const before = await twice.deltas(lane, new Date(0));
    const deltasFirst = counted({ deltas: before, compacted: await twice.sums(lane) });
    expect(deltasFirst.total + deltasFirst.late).toBeGreaterThan(255);

    const other = await filled();
    const never = beforeQuery(2, compactedBeside(other, count));
    const compacted = await never.sums(other);
    expect(counted({ deltas: await never.deltas(other, new Date(0)), compacted }).total).toBeLessThan(255);
  },
);
