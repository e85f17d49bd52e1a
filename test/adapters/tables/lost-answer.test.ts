import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTables } from '../../../shared/adapters/tables/connect.ts';
import { laneStore } from '../../../shared/adapters/tables/lane-store.ts';
import { emptyLane } from '../../../shared/lane/lane.ts';
import { type LaneStore, LostRace, Unavailable } from '../../../shared/ports.ts';
import { type AnswerDroppingProxy, answerDroppingProxy } from '../../answer-dropping-proxy.ts';
import { anEffect, anEntry, change, freshLane } from '../../contract/builders.ts';
import { connectionString, type LocalStorage, startStorage } from '../../local-azure.ts';
import { noCredential } from '../no-credential.ts';

let storage: LocalStorage;
let proxy: AnswerDroppingProxy;
let store: LaneStore;
/** The same tables without the proxy: somebody else. */
let other: LaneStore;

beforeAll(async () => {
  storage = await startStorage();
  proxy = await answerDroppingProxy(storage.tablePort);
  const behind = connectionString({ blob: storage.blobPort, table: proxy.port });
  store = laneStore(openTables({ connectionString: behind }, noCredential)('Lanes'));
  other = laneStore(openTables({ connectionString: storage.connectionString }, noCredential)('Lanes'));
  const lane = freshLane();
  await store.save(await store.load(lane), change(emptyLane(lane)));
});
afterAll(async () => {
  await proxy.close();
  await storage.close();
});

const isTransaction = (_method: string, url: string): boolean => url.includes('$batch');
const everything = (): boolean => true;

test.each([1, 2, 5])('a save whose answer was lost %d times is recognised as our own', async (lost) => {
  const lane = freshLane();
  const nobody = await store.load(lane);
  proxy.dropAnswers(lost, isTransaction);
  const created = await store.save(nobody, change({ ...emptyLane(lane), step: 1 }, { effects: [anEffect(1)] }));
  expect(await other.load(lane)).toEqual(created);
  proxy.dropAnswers(lost, isTransaction);
  const settled = await store.save(
    created,
    change({ ...created.lane, step: 2 }, { settled: [1], journal: [anEntry(1)] }),
  );
  proxy.dropAnswers(0, isTransaction);
  expect(await other.load(lane)).toEqual(settled);
  expect(settled.lane.step).toBe(2);
  // What follows is conditional on the etag that was found.
  await expect(store.save(settled, change({ ...settled.lane, step: 3 }))).resolves.toMatchObject({ lane: { step: 3 } });
});

test("somebody else's write is not taken for our own", async () => {
  const lane = freshLane();
  const nobody = await store.load(lane);
  const theirs = await other.save(nobody, change({ ...emptyLane(lane), step: 7 }));
  proxy.dropAnswers(1, isTransaction);
  await expect(store.save(nobody, change({ ...emptyLane(lane), step: 7 }))).rejects.toBeInstanceOf(LostRace);
  proxy.dropAnswers(0, isTransaction);
  expect(await other.load(lane)).toEqual(theirs);
});

test('tables that do not answer at all are unavailable', async () => {
  const lane = freshLane();
  const nobody = await store.load(lane);
  proxy.dropAnswers(1_000, everything);
  await expect(store.load(lane)).rejects.toBeInstanceOf(Unavailable);
  await expect(store.save(nobody, change(emptyLane(lane)))).rejects.toBeInstanceOf(Unavailable);
  proxy.dropAnswers(0, everything);
});

test('a load is one request where nothing is pending, and a save is one', async () => {
  const lane = freshLane();
  const created = await store.save(await store.load(lane), change(emptyLane(lane)));
  proxy.passed.length = 0;
  await store.load(lane);
  expect(proxy.passed).toHaveLength(1);
  proxy.passed.length = 0;
  await store.save(created, change(created.lane, { effects: [anEffect(1)], journal: [anEntry(1)] }));
  expect(proxy.passed).toHaveLength(1);
});
