import { beforeAll, describe, expect, test } from 'vitest';
import { noEntries } from '../../shared/adapters/tables/journal-chain.ts';
import { emptyLane } from '../../shared/lane/lane.ts';
import type { BuildId, DeploymentId } from '../../shared/lane/words.ts';
import { type LaneStore, LostRace } from '../../shared/ports.ts';
import { aBuildRow, anEffect, anEntry, aRecord, aSeen, at, change, freshLane, inputId } from './builders.ts';

/** What every lane store does, the real one and the one in memory. */
export function laneStoreContract(name: string, make: () => Promise<LaneStore>): void {
  describe(`${name}: lane store`, () => {
    let store: LaneStore;
    beforeAll(async () => {
      store = await make();
    });

    test('a lane never seen is empty and has no etag', async () => {
      const lane = freshLane();
      const empty = { lane: emptyLane(lane), pending: [], etag: null, journal: noEntries, traces: {} };
      expect(await store.load(lane)).toEqual(empty);
    });

    test('what is saved is what is loaded, pending effects in order, dates as dates', async () => {
      const lane = freshLane();
      const state = {
        ...emptyLane(lane),
        wakeAt: at('10:05'),
        step: 3,
        hold: { by: 'Ada', because: '„warum?“ 🚦', since: at('10:00') },
      };
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const traces = { 'a-deployment': { traceparent, tracestate: 'rojo=1' } };
      const effects = [anEffect(12, { notBefore: at('10:01'), tries: 2 }), anEffect(2)];
      const saved = await store.save(await store.load(lane), change(state, { effects, traces }));
      const loaded = await store.load(lane);
      expect(loaded).toEqual({
        lane: state,
        pending: [effects[1], effects[0]],
        etag: saved.etag,
        journal: noEntries,
        traces,
      });
      expect(saved).toEqual(loaded);
    });

    test('effects are replaced by seq and go when they are settled', async () => {
      const lane = freshLane();
      const first = await store.save(
        await store.load(lane),
        change(emptyLane(lane), { effects: [anEffect(1), anEffect(2)] }),
      );
      const retried = anEffect(2, { tries: 1, notBefore: at('11:00') });
      const second = await store.save(first, change(first.lane, { settled: [1], effects: [retried, anEffect(3)] }));
      expect(second.pending).toEqual([retried, anEffect(3)]);
      expect((await store.load(lane)).pending).toEqual(second.pending);
      const third = await store.save(second, change(second.lane, { settled: [2, 3] }));
      expect(third.pending).toEqual([]);
      expect(await store.load(lane)).toEqual(third);
    });

    test('of two that create a lane, one wins and the other is told', async () => {
      const lane = freshLane();
      const nobody = await store.load(lane);
      const results = await Promise.allSettled([
        store.save(nobody, change({ ...emptyLane(lane), step: 1 })),
        store.save(nobody, change({ ...emptyLane(lane), step: 2 })),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const lost = results.find((result) => result.status === 'rejected');
      expect(lost?.reason).toBeInstanceOf(LostRace);
    });

    test('a stale etag is a lost race, and nothing of that change is written', async () => {
      const lane = freshLane();
      const first = await store.save(await store.load(lane), change(emptyLane(lane)));
      const second = await store.save(first, change({ ...first.lane, step: 1 }));
      const record = aRecord(lane);
      await expect(
        store.save(
          first,
          change({ ...first.lane, step: 9 }, { records: [record], effects: [anEffect(5)], journal: [anEntry(1)] }),
        ),
      ).rejects.toBeInstanceOf(LostRace);
      expect(await store.load(lane)).toEqual(second);
      expect(await store.deployment(lane, record.id)).toBeNull();
      expect(await store.journal(lane, null, 10)).toEqual([]);
    });

    test('forty rows change together, forty-one do not', async () => {
      const lane = freshLane();
      const nobody = await store.load(lane);
      const entries = (count: number) => Array.from({ length: count }, (_, index) => anEntry(index + 1));
      await expect(store.save(nobody, change(emptyLane(lane), { journal: entries(40) }))).rejects.toThrow(/41 rows/);
      expect((await store.load(lane)).etag).toBeNull();
      await store.save(nobody, change(emptyLane(lane), { journal: entries(39) }));
      expect(await store.journal(lane, null, 100)).toHaveLength(39);
    });

    test('a lane row of more than 96,000 characters is refused', async () => {
      const lane = freshLane();
      const state = { ...emptyLane(lane), hold: { by: 'Ada', because: 'x'.repeat(96_000), since: at('10:00') } };
      await expect(store.save(await store.load(lane), change(state))).rejects.toThrow(/96,?000/);
    });

    test('builds, seen inputs and deployments are found by id; others are null', async () => {
      const lane = freshLane();
      const commits = Array.from({ length: 100 }, (_, index) => ({
        sha: `c${index}`,
        message: `fix 🚦 ${'long '.repeat(150)}`,
        author: { name: 'Ada' },
        timestamp: at('08:00'),
      }));
      const row = aBuildRow('2.0.0', { commits });
      const input = inputId(lane, "https://ci/#1?x='é'\\+%2F!");
      const record = aRecord(lane);
      await store.save(
        await store.load(lane),
        change(emptyLane(lane), { builds: [row], seen: [aSeen(input)], records: [record] }),
      );
      expect(await store.build(lane, row.build.id)).toEqual(row);
      expect(await store.build(lane, 'no-such' as BuildId)).toBeNull();
      expect(await store.seen(lane, input)).toEqual(aSeen(input));
      expect(await store.seen(lane, inputId(lane, 'never'))).toBeNull();
      expect(await store.deployment(lane, record.id)).toEqual(record);
      expect(await store.deployment(lane, 'not an id' as DeploymentId)).toBeNull();
      expect(await store.deployment(freshLane(), record.id)).toBeNull();
    });

    test('deployments come newest first, and a record saved again is replaced', async () => {
      const lane = freshLane();
      const records = [at('10:00'), at('12:00'), at('11:00')].map((time, index) =>
        aRecord(lane, time, `aaaaaaa${index}`),
      );
      const stored = await store.save(await store.load(lane), change(emptyLane(lane), { records }));
      const [first, newest, middle] = records;
      if (!first || !newest || !middle) throw new Error('three records were made');
      const ended = { ...newest, outcome: 'live' as const };
      await store.save(stored, change(stored.lane, { records: [ended] }));
      expect(await store.deployments(lane, 10)).toEqual([ended, middle, first]);
      expect(await store.deployments(lane, 1)).toEqual([ended]);
    });

    test('the journal gives the latest entries, in the order they happened', async () => {
      const lane = freshLane();
      const mine = aRecord(lane).id;
      const entries = [1, 2, 3, 4].map((seq) => anEntry(seq, { deployment: seq % 2 === 0 ? mine : null }));
      await store.save(await store.load(lane), change(emptyLane(lane), { journal: entries }));
      expect((await store.journal(lane, null, 3)).map(({ seq }) => seq)).toEqual([2, 3, 4]);
      expect(await store.journal(lane, mine, 10)).toEqual([entries[1], entries[3]]);
    });

    test('overdue are the lanes that were to be looked after by then, with their step', async () => {
      const [late, due, never] = [freshLane(), freshLane(), freshLane()];
      await store.save(await store.load(late), change({ ...emptyLane(late), wakeAt: at('10:00'), step: 7 }));
      await store.save(await store.load(due), change({ ...emptyLane(due), wakeAt: at('10:10') }));
      const woken = await store.save(await store.load(never), change({ ...emptyLane(never), wakeAt: at('09:00') }));
      await store.save(woken, change({ ...woken.lane, wakeAt: null }));
      const mine = (await store.overdue(at('10:05'))).filter(({ lane }) => [late, due, never].includes(lane));
      expect(mine).toEqual([{ lane: late, step: 7 }]);
      expect(await store.known()).toEqual(expect.arrayContaining([late, due, never]));
    });

    test('seen inputs are forgotten when they are old, the others are kept', async () => {
      const lane = freshLane();
      const [old, young] = [inputId(lane, 'old'), inputId(lane, 'young')];
      const seen = [aSeen(old, at('01:00')), aSeen(young, at('03:00'))];
      await store.save(await store.load(lane), change(emptyLane(lane), { seen }));
      expect(await store.forgetSeen(at('02:00'))).toBe(1);
      expect(await store.seen(lane, old)).toBeNull();
      expect(await store.seen(lane, young)).toEqual(seen[1]);
      expect(await store.forgetSeen(at('02:00'))).toBe(0);
    });
  });
}
