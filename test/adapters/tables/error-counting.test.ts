import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTables } from '../../../shared/adapters/tables/connect.ts';
import { errorStore } from '../../../shared/adapters/tables/error-store.ts';
import type { Table } from '../../../shared/adapters/tables/table.ts';
import type { Fingerprint, Version } from '../../../shared/lane/words.ts';
import { type AnswerDroppingProxy, answerDroppingProxy } from '../../answer-dropping-proxy.ts';
import { aDelta, aGroup, at, freshLane } from '../../contract/builders.ts';
import { connectionString, type LocalStorage, startStorage } from '../../local-azure.ts';
import { noCredential } from '../no-credential.ts';

let storage: LocalStorage;
let proxy: AnswerDroppingProxy;
let store: ReturnType<typeof errorStore>;
let deltasTable: Table;
let groupsTable: Table;

beforeAll(async () => {
  storage = await startStorage();
  proxy = await answerDroppingProxy(storage.tablePort);
  const tables = openTables(
    { connectionString: connectionString({ blob: storage.blobPort, table: proxy.port }) },
    noCredential,
  );
  [deltasTable, groupsTable] = [tables('ErrorDeltas'), tables('ErrorGroups')];
  store = errorStore({ deltas: deltasTable, groups: groupsTable }, () => new Date());
  await store.append([aDelta(freshLane())]);
});
afterAll(async () => {
  await proxy.close();
  await storage.close();
});

const perFingerprint = (sums: { fingerprint: string; count: number; late: number }[]): Record<string, number[]> =>
  Object.fromEntries(sums.map(({ fingerprint, count, late }) => [fingerprint, [count, late]]));

test('compaction is exact over many rows of one minute, and again as later minutes pass', async () => {
  const lane = freshLane();
  const f2 = 'f/2' as Fingerprint;
  const batch = (minute: string, count: number, more = {}) =>
    Array.from({ length: count }, (_, index) =>
      aDelta(lane, { minute: at(minute), batch: `m${index}`, count: 2, ...more }),
    );
  await store.append([...batch('10:00', 150), ...batch('10:01', 120), ...batch('10:01', 3, { fingerprint: f2 })]);
  expect(await store.compact(lane, at('10:01'))).toEqual({ deleted: 150 });
  expect(perFingerprint(await store.sums(lane))).toEqual({ f1: [300, 0] });
  expect(await store.compact(lane, at('10:02'))).toEqual({ deleted: 123 });
  expect(await store.deltas(lane, at('00:00'))).toEqual([]);
  expect(perFingerprint(await store.sums(lane))).toEqual({ f1: [540, 0], 'f/2': [6, 0] });
  expect(await store.sums(lane)).toContainEqual(
    expect.objectContaining({ fingerprint: 'f1', countedThrough: at('10:01'), firstAt: at('10:00'), version: '1.0.0' }),
  );
});

test('a message delivered again after its minute was compacted is late, not counted twice', async () => {
  const lane = freshLane();
  const delta = aDelta(lane, { count: 5 });
  await store.append([delta]);
  await store.compact(lane, at('11:00'));
  await store.append([delta]);
  await store.compact(lane, at('11:00'));
  expect(perFingerprint(await store.sums(lane))).toEqual({ f1: [5, 5] });
});

test('a compaction whose answers are lost is neither repeated nor half done', async () => {
  const lane = freshLane();
  await store.append(['m1', 'm2', 'm3'].map((batch) => aDelta(lane, { batch })));
  proxy.dropAnswers(1, (_method, url) => url.includes('$batch'));
  await store.compact(lane, at('11:00'));
  await store.compact(lane, at('11:00'));
  expect(perFingerprint(await store.sums(lane))).toEqual({ f1: [3, 0] });
});

test('1,000 reports packed 10 to a message cost at most 40 requests, append and fold together', async () => {
  const lanes = [freshLane(), freshLane(), freshLane()];
  const deltas = Array.from({ length: 100 }, (_, message) =>
    Array.from({ length: 10 }, (_, report) => {
      const lane = lanes[(message * 7 + report) % 3] ?? freshLane();
      const fingerprint = `f${Math.floor(((message * 31 + report * 17) % 97) ** 2 / 100)}` as Fingerprint;
      return aDelta(lane, { fingerprint, batch: `m${message}`, version: '1.0.0' as Version });
    }),
  ).flat();
  proxy.passed.length = 0;
  await store.append(deltas);
  for (const lane of await store.lanesWithDeltas()) {
    if (!lanes.includes(lane)) continue;
    const read = await store.deltas(lane, at('00:00'));
    const known = await store.groups(lane);
    const fingerprints = [...new Set(read.map(({ fingerprint }) => fingerprint))];
    await store.saveGroups(
      lane,
      fingerprints.map((fingerprint) => ({
        group: aGroup(lane, fingerprint),
        etag: known.find(({ group }) => group.fingerprint === fingerprint)?.etag ?? null,
      })),
    );
  }
  expect(proxy.passed.length).toBeLessThanOrEqual(40);
});

test('a long backlog is compacted a part at a time, never a part of a minute; a crash in between loses and doubles nothing', async () => {
  const lane = freshLane();
  const few = errorStore({ deltas: deltasTable, groups: groupsTable }, () => new Date(), 100);
  const minutes = ['10:00', '10:01', '10:02', '10:03', '10:04'];
  const deltas = minutes.flatMap((minute) =>
    Array.from({ length: 45 }, (_, index) => aDelta(lane, { minute: at(minute), batch: `m${index}`, count: 2 })),
  );
  await store.append(deltas);
  const left = async (): Promise<number> => (await store.deltas(lane, at('00:00'))).length;
  const counted = async (): Promise<number> =>
    [...(await store.sums(lane)), ...(await store.deltas(lane, at('00:00')))].reduce(
      (sum, { count }) => sum + count,
      0,
    );

  // Whole minutes: 90 rows of the 100 it may take.
  expect(await few.compact(lane, at('11:00'))).toEqual({ deleted: 90 });
  expect([await left(), await counted()]).toEqual([135, 450]);
  expect(await store.sums(lane)).toMatchObject([{ count: 180, late: 0, countedThrough: at('10:01') }]);

  // The second of its transactions is refused, as by somebody else who was faster: it ends with what it has done.
  await store.append(
    Array.from({ length: 150 }, (_, index) => aDelta(lane, { minute: at('10:02'), batch: `more${index}` })),
  );
  proxy.dropAnswers(1, (_method, url) => url.includes('$batch'));
  await few.compact(lane, at('11:00'));
  expect(await counted()).toBe(600);
  for (let again = 0; (await left()) > 0 && again < 10; again += 1) await few.compact(lane, at('11:00'));
  expect([await left(), await counted()]).toEqual([0, 600]);
  expect(await store.sums(lane)).toMatchObject([{ count: 600, late: 0, countedThrough: at('10:04') }]);

  // All of it comes again, hours later: shown apart, to the last report.
  await store.append(deltas);
  for (let again = 0; (await left()) > 0 && again < 10; again += 1) await few.compact(lane, at('11:00'));
  expect(await store.sums(lane)).toMatchObject([{ count: 600, late: 450 }]);
});
