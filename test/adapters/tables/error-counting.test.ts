import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTables } from '../../../shared/adapters/tables/connect.ts';
import { errorStore } from '../../../shared/adapters/tables/error-store.ts';
import type { Fingerprint, Version } from '../../../shared/lane/words.ts';
import { type AnswerDroppingProxy, answerDroppingProxy } from '../../answer-dropping-proxy.ts';
import { aDelta, aGroup, at, freshLane } from '../../contract/builders.ts';
import { connectionString, type LocalStorage, startStorage } from '../../local-azure.ts';
import { noCredential } from '../no-credential.ts';

let storage: LocalStorage;
let proxy: AnswerDroppingProxy;
let store: ReturnType<typeof errorStore>;

beforeAll(async () => {
  storage = await startStorage();
  proxy = await answerDroppingProxy(storage.tablePort);
  const tables = openTables(
    { connectionString: connectionString({ blob: storage.blobPort, table: proxy.port }) },
    noCredential,
  );
  store = errorStore({ deltas: tables('ErrorDeltas'), groups: tables('ErrorGroups') }, () => new Date());
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
