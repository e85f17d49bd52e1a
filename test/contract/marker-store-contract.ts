import { beforeAll, describe, expect, test } from 'vitest';
import type { MarkerStore } from '../../shared/ports.ts';
import { aMarker, at, freshLane } from './builders.ts';

/** What every marker store does. */
export function markerStoreContract(name: string, make: () => Promise<MarkerStore>): void {
  describe(`${name}: marker store`, () => {
    let store: MarkerStore;
    beforeAll(async () => {
      store = await make();
    });

    test('writing a marker twice leaves one', async () => {
      const lane = freshLane();
      const marker = aMarker(lane, 'a/1#?', at('10:00'), {
        switchedBetween: { from: at('09:58'), to: at('09:59') },
        text: 'x'.repeat(40_000),
      });
      await store.put(marker);
      await store.put(marker);
      expect(await store.list(lane, 10)).toEqual([marker]);
      expect(await store.get(lane, 'a/1#?')).toEqual(marker);
      expect(await store.get(lane, 'b')).toBeNull();
      expect(await store.get(freshLane(), 'a/1#?')).toBeNull();
    });

    test('the list is newest first', async () => {
      const lane = freshLane();
      for (const [id, time] of [
        ['one', '10:00'],
        ['three', '12:00'],
        ['two', '11:00'],
      ] as const)
        await store.put(aMarker(lane, id, at(time)));
      expect((await store.list(lane, 10)).map(({ id }) => id)).toEqual(['three', 'two', 'one']);
      expect((await store.list(lane, 2)).map(({ id }) => id)).toEqual(['three', 'two']);
    });

    test('in force is the last going live at or before the instant; other kinds tell of other things', async () => {
      const lane = freshLane();
      await store.put(aMarker(lane, 'first', at('10:00')));
      await store.put(aMarker(lane, 'flag', at('10:30'), { kind: 'flag' }));
      await store.put(aMarker(lane, 'hand', at('11:00'), { kind: 'external' }));
      await store.put(aMarker(lane, 'back', at('12:00'), { kind: 'rollback' }));
      const inForce = async (time: string) => (await store.inForceAt(lane, at(time)))?.id ?? null;
      expect(await inForce('09:59')).toBeNull();
      expect(await inForce('10:00')).toBe('first');
      expect(await inForce('10:59')).toBe('first');
      expect(await inForce('11:00')).toBe('hand');
      expect(await inForce('13:00')).toBe('back');
      expect(await store.inForceAt(freshLane(), at('13:00'))).toBeNull();
    });
  });
}
