import { beforeAll, describe, expect, test } from 'vitest';
import { LostRace, type Notice, type NoticeStore } from '../../shared/ports.ts';
import { freshLane } from './builders.ts';

/** What every notice store does. */
export function noticeStoreContract(name: string, make: () => Promise<NoticeStore>): void {
  describe(`${name}: notice store`, () => {
    let store: NoticeStore;
    beforeAll(async () => {
      store = await make();
    });
    const notice = (subject: string, more: Partial<Notice> = {}): Notice => ({
      subject,
      channel: 'C1',
      ts: '1.2',
      shown: 'hash',
      threadShown: [],
      ...more,
    });

    test('is kept by lane and subject, each save conditional on what was read', async () => {
      const lane = freshLane();
      const subject = `${lane}!f1/2`;
      expect(await store.get(lane, subject)).toBeNull();
      await store.save(lane, notice(subject), null);
      const first = await store.get(lane, subject);
      expect(first?.notice).toEqual(notice(subject));
      const grown = notice(subject, { threadShown: ['a', 'b'] });
      const etag = await store.save(lane, grown, first?.etag ?? null);
      expect(await store.get(lane, subject)).toEqual({ notice: grown, etag });
      await expect(store.save(lane, notice(subject), first?.etag ?? null)).rejects.toBeInstanceOf(LostRace);
      await expect(store.save(lane, notice(subject), null)).rejects.toBeInstanceOf(LostRace);
      expect((await store.get(lane, subject))?.notice).toEqual(grown);
    });
  });
}
