import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTables, type Tables } from '../../../shared/adapters/tables/connect.ts';
import { deadLetterStore } from '../../../shared/adapters/tables/dead-letter-store.ts';
import { errorStore } from '../../../shared/adapters/tables/error-store.ts';
import { inPartition, quoted } from '../../../shared/adapters/tables/key.ts';
import { laneStore } from '../../../shared/adapters/tables/lane-store.ts';
import { markerStore } from '../../../shared/adapters/tables/marker-store.ts';
import { noticeStore } from '../../../shared/adapters/tables/notice-store.ts';
import { emptyLane } from '../../../shared/lane/lane.ts';
import type { DeploymentId, Fingerprint, InputId, LaneId, Version } from '../../../shared/lane/words.ts';
import { aDelta, aGroup, aLetter, aMarker, anEntry, aSeen, at, change } from '../../contract/builders.ts';
import { hostileTexts } from '../../functions/hostile-texts.ts';
import { type LocalStorage, startStorage } from '../../local-azure.ts';
import { noCredential } from '../no-credential.ts';

/** The doors let little of this through; the stores are asked as if they let through all of it. As content each ends in separators of lines, as no key may. */
const texts = [...Object.values(hostileTexts), 'an innocent one', 'a\0b', 'a\0c'].filter(
  (text) => !/[\u2028\u2029]/.test(text),
);
const content = (text: string): string => `${text}\u2028\u2029`;

let storage: LocalStorage;
let tables: Tables;
beforeAll(async () => {
  storage = await startStorage();
  tables = openTables({ connectionString: storage.connectionString }, noCredential);
});
afterAll(() => storage.close());

/** All rows are there before the first is asked for: what reaches too far finds something. */
async function forEach(work: (text: string) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < texts.length; from += 16) await Promise.all(texts.slice(from, from + 16).map(work));
}

describe('hostile text reaches exactly its own row', () => {
  test('of dead letters, as source and as id', async () => {
    const store = deadLetterStore(tables('DeadLetters'));
    await forEach((text) => store.put(aLetter(text, text, { raw: content(text), reason: text })));
    await forEach(async (text) => {
      const own = aLetter(text, text, { raw: content(text), reason: text });
      expect(await store.get(text, text)).toEqual(own);
      expect(await store.list(text, 1_000)).toEqual([own]);
      expect(await store.get('an innocent one', `${text}?`)).toBeNull();
    });
    expect(await store.list(null, 1_000)).toHaveLength(texts.length);
  });

  test('of markers, as lane and as id', async () => {
    const store = markerStore(tables('Markers'));
    const marker = (text: string) =>
      aMarker(text as LaneId, text, at('10:00'), { version: text as Version, text: content(text), by: text });
    await forEach((text) => store.put(marker(text)));
    await forEach(async (text) => {
      const lane = text as LaneId;
      expect(await store.get(lane, text)).toEqual(marker(text));
      expect(await store.list(lane, 1_000)).toEqual([marker(text)]);
      expect(await store.inForceAt(lane, at('11:00'))).toEqual(marker(text));
      expect(await store.inForceAt(lane, at('09:00'))).toBeNull();
    });
  });

  test('of errors, as lane, version, batch and fingerprint', async () => {
    const store = errorStore({ deltas: tables('ErrorDeltas'), groups: tables('ErrorGroups') }, () => at('12:00'));
    const words = (text: string) => ({ version: text as Version, fingerprint: text as Fingerprint, batch: text });
    await forEach(async (text) => {
      await store.append([aDelta(text as LaneId, words(text))]);
      await store.saveGroups(text as LaneId, [
        { group: aGroup(text as LaneId, text, { title: content(text) }), etag: null },
      ]);
    });
    await forEach(async (text) => {
      const lane = text as LaneId;
      expect(await store.deltas(lane, at('09:00'))).toEqual([aDelta(lane, words(text))]);
      expect((await store.groups(lane)).map(({ group }) => group.title)).toEqual([content(text)]);
      expect((await store.group(lane, text as Fingerprint))?.group.title).toBe(content(text));
      expect(await store.group(lane, `${text}?` as Fingerprint)).toBeNull();
    });
    await forEach(async (text) => expect(await store.compact(text as LaneId, at('11:00'))).toEqual({ deleted: 1 }));
    await forEach(async (text) =>
      expect(await store.sums(text as LaneId)).toEqual([expect.objectContaining({ fingerprint: text })]),
    );
  });

  test('of lanes: the state, what was seen, the journal by deployment, notices', async () => {
    const store = laneStore(tables('Lanes'));
    const notices = noticeStore(tables('Lanes'));
    const entry = (text: string) => anEntry(1, { deployment: text as DeploymentId, told: content(text), by: text });
    await forEach(async (text) => {
      const lane = text as LaneId;
      const other = anEntry(2, { deployment: 'another' as DeploymentId });
      const journal = { seen: [aSeen(text)], journal: [entry(text), other] };
      await store.save(await store.load(lane), change({ ...emptyLane(lane), step: 1 }, journal));
    });
    await forEach(async (text) => {
      const lane = text as LaneId;
      expect((await store.load(lane)).lane).toMatchObject({ id: text, step: 1 });
      expect(await store.seen(lane, text as InputId)).toEqual(aSeen(text));
      expect(await store.seen(lane, `${text}?` as InputId)).toBeNull();
      expect(await store.journal(lane, text as DeploymentId, 1_000)).toEqual([entry(text)]);
      expect(await store.journal(lane, null, 1_000)).toHaveLength(2);
      expect(await notices.get(lane, text)).toBeNull();
    });
    expect(new Set(await store.known())).toEqual(new Set(texts));
  });
});

test('a text that is not quoted would reach other rows, so the table above can fail', async () => {
  const table = tables('DeadLetters');
  const all = await table.query({ filter: `PartitionKey eq 'x' or 1 eq 1` }).catch(() => []);
  const reached = await table.query({ filter: `PartitionKey eq 'x' or PartitionKey ne '' or PartitionKey eq ''` });
  expect(all.length + reached.length).toBeGreaterThan(texts.length);
  expect(await table.query({ filter: inPartition("x' or PartitionKey ne '") })).toEqual([]);
  expect(await table.query({ filter: `reason eq ${quoted("' or 1 eq 1")}` })).toHaveLength(0);
});
