import { beforeAll, describe, expect, test } from 'vitest';
import { type DeadLetterStore, Unreadable } from '../../shared/ports.ts';
import { aLetter, at } from './builders.ts';

/** What every dead-letter store does. */
export function deadLetterStoreContract(name: string, make: () => Promise<DeadLetterStore>): void {
  describe(`${name}: dead-letter store`, () => {
    let store: DeadLetterStore;
    beforeAll(async () => {
      store = await make();
    });

    test('stores once, however often and whenever the same message comes', async () => {
      const letter = aLetter('queue/once', 'id1', { raw: '\u0000\ud800🚦'.repeat(15_000) });
      await store.put(letter);
      await store.put({ ...letter, at: at('11:00') });
      expect(await store.list('queue/once', 10)).toEqual([letter]);
      expect(await store.get('queue/once', 'id1')).toEqual(letter);
      expect(await store.get('queue/once', 'id2')).toBeNull();
      expect(await store.get('queue/other', 'id1')).toBeNull();
    });

    test('lists newest first, of one source or of all', async () => {
      await store.put(aLetter('queue/a', 'old', { at: at('08:00') }));
      await store.put(aLetter('queue/b', 'mid', { at: at('08:30') }));
      await store.put(aLetter('queue/a', 'new', { at: at('23:00') }));
      expect((await store.list('queue/a', 10)).map(({ id }) => id)).toEqual(['new', 'old']);
      expect((await store.list('queue/a', 1)).map(({ id }) => id)).toEqual(['new']);
      const all = (await store.list(null, 100)).map(({ id }) => id);
      expect(all.filter((id) => ['old', 'mid', 'new'].includes(id))).toEqual(['new', 'mid', 'old']);
    });

    test('counts replays', async () => {
      await store.put(aLetter('queue/replay', 'id1'));
      expect(await store.countReplay('queue/replay', 'id1', at('12:00'))).toBe(1);
      expect(await store.countReplay('queue/replay', 'id1', at('12:01'))).toBe(2);
      expect(await store.get('queue/replay', 'id1')).toMatchObject({ replays: 2, replayedAt: at('12:01') });
      await expect(store.countReplay('queue/replay', 'no-such', at('12:00'))).rejects.toBeInstanceOf(Unreadable);
    });
  });
}
