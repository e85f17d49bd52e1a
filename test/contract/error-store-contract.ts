import { beforeAll, describe, expect, test } from 'vitest';
import type { ErrorDelta } from '../../shared/correlation/words.ts';
import type { Fingerprint, Version } from '../../shared/lane/words.ts';
import { type ErrorStore, LostRace } from '../../shared/ports.ts';
import { aDelta, aGroup, at, freshLane } from './builders.ts';

const total = (deltas: ErrorDelta[]): number => deltas.reduce((sum, { count }) => sum + count, 0);

/** What every error store does. */
export function errorStoreContract(name: string, make: () => Promise<ErrorStore>): void {
  describe(`${name}: error store`, () => {
    let store: ErrorStore;
    beforeAll(async () => {
      store = await make();
    });

    test('deltas of every version come back as they were appended, and only those of the lane', async () => {
      const [lane, other] = [freshLane(), freshLane()];
      const deltas = [
        aDelta(lane),
        aDelta(lane, { version: null }),
        aDelta(lane, { version: 'none' as Version }),
        aDelta(lane, { version: 'feature/x+1 #2' as Version, fingerprint: 'f/2' as Fingerprint }),
      ];
      await store.append([...deltas, aDelta(other)]);
      const read = await store.deltas(lane, at('00:00'));
      expect(read).toHaveLength(4);
      expect(read).toEqual(expect.arrayContaining(deltas));
    });

    test('a message that comes again, or in other company, rewrites its own rows', async () => {
      const lane = freshLane();
      const [one, two, three] = ['m1', 'm2', 'm3'].map((batch) => aDelta(lane, { batch, count: 5 }));
      if (!one || !two || !three) throw new Error('three deltas were made');
      await store.append([one, two]);
      await store.append([two, three]);
      await store.append([one]);
      expect(total(await store.deltas(lane, at('00:00')))).toBe(15);
    });

    test('more than a hundred rows of one partition are all written', async () => {
      const lane = freshLane();
      await store.append(Array.from({ length: 250 }, (_, index) => aDelta(lane, { batch: `m${index}`, count: 2 })));
      expect(total(await store.deltas(lane, at('00:00')))).toBe(500);
    });

    test('deltas are read from a minute on', async () => {
      const lane = freshLane();
      await store.append([aDelta(lane, { minute: at('09:59') }), aDelta(lane, { minute: at('10:00'), count: 3 })]);
      expect((await store.deltas(lane, at('10:00'))).map(({ count }) => count)).toEqual([3]);
    });

    test('compaction takes the deltas of the minutes before, and those alone', async () => {
      const lane = freshLane();
      const minutes = ['10:00', '10:01', '10:02'];
      const deltas = minutes.flatMap((minute) =>
        ['m1', 'm2'].map((batch) => aDelta(lane, { minute: at(minute), batch })),
      );
      await store.append(deltas);
      expect(await store.compact(lane, at('10:02'))).toEqual({ deleted: 4 });
      expect((await store.deltas(lane, at('00:00'))).map(({ minute }) => minute)).toEqual([at('10:02'), at('10:02')]);
      expect(await store.compact(lane, at('10:02'))).toEqual({ deleted: 0 });
    });

    test('lanes that had reports are listed', async () => {
      const lane = freshLane();
      await store.append([aDelta(lane), aDelta(lane, { batch: 'm2' })]);
      expect((await store.lanesWithDeltas()).filter((one) => one === lane)).toEqual([lane]);
    });

    test('groups are saved each under its own etag', async () => {
      const lane = freshLane();
      expect(await store.group(lane, 'f1' as Fingerprint)).toBeNull();
      await store.saveGroups(lane, [
        { group: aGroup(lane, 'f1'), etag: null },
        { group: aGroup(lane, 'f2'), etag: null },
      ]);
      const groups = await store.groups(lane);
      expect(groups.map(({ group }) => group)).toEqual([aGroup(lane, 'f1'), aGroup(lane, 'f2')]);
      const one = await store.group(lane, 'f1' as Fingerprint);
      expect(one).toEqual(groups[0]);
      await store.saveGroups(lane, [{ group: aGroup(lane, 'f1', { total: 4 }), etag: one?.etag ?? null }]);
      expect((await store.group(lane, 'f1' as Fingerprint))?.group.total).toBe(4);
    });

    test('a group that somebody else changed is a lost race that names it', async () => {
      const lane = freshLane();
      await store.saveGroups(lane, [{ group: aGroup(lane, 'f1'), etag: null }]);
      const stale = (await store.group(lane, 'f1' as Fingerprint))?.etag ?? null;
      await store.saveGroups(lane, [{ group: aGroup(lane, 'f1', { total: 4 }), etag: stale }]);
      const again = store.saveGroups(lane, [{ group: aGroup(lane, 'f1', { total: 9 }), etag: stale }]);
      await expect(again).rejects.toBeInstanceOf(LostRace);
      await expect(again).rejects.toThrow(/f1/);
      await expect(store.saveGroups(lane, [{ group: aGroup(lane, 'f1'), etag: null }])).rejects.toBeInstanceOf(
        LostRace,
      );
      expect((await store.group(lane, 'f1' as Fingerprint))?.group.total).toBe(4);
    });
  });
}
