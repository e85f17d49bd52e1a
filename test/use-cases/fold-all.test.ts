import { describe, expect, test } from 'vitest';
import type { ErrorReport } from '../../shared/correlation/words.ts';
import type { LaneId } from '../../shared/lane/words.ts';
import { Unavailable } from '../../shared/ports.ts';
import { appendErrors } from '../../shared/use-cases/append-errors.ts';
import { foldAll, inTurn } from '../../shared/use-cases/fold-all.ts';
import { watchingLane } from '../builders/lane.ts';
import { at } from '../correlation/error-report.ts';
import { failing, lane, message, World } from './errors-world.ts';

const pay = failing('pay');
const billing = { ...pay, app: 'billing' as ErrorReport['app'] };

test('folds every lane; one that fails keeps nobody waiting', async () => {
  const world = new World();
  await appendErrors(world.ports, [message('m1', pay, billing)]);
  const markers = world.markers.list.bind(world.markers);
  world.markers.list = async (of, most) => {
    if (of === lane) throw new Unavailable('the tables are down');
    return markers(of, most);
  };
  expect(await foldAll(world.ports)).toEqual({
    folded: ['billing@production'],
    failed: [{ lane, because: 'the tables are down' }],
    left: 0,
  });
  expect(world.logged).toEqual(['the errors of a lane could not be counted']);
  expect(world.measured).toEqual([
    { metric: 'errors.counted', value: 1, lane: 'billing@production' },
    { metric: 'fold.lanes', value: 1 },
    { metric: 'fold.left', value: 0 },
    { metric: 'fold.duration', value: 0 },
  ]);
});

test('begins no lane after its time; the rest is the next run’s', async () => {
  const world = new World();
  await appendErrors(world.ports, [message('m1', pay, billing)]);
  const markers = world.markers.list.bind(world.markers);
  world.markers.list = async (of, most) => {
    world.now = new Date(world.now.getTime() + 46_000);
    return markers(of, most);
  };
  const first = await foldAll(world.ports);
  expect([first.folded.length, first.left]).toEqual([1, 1]);
  const folded = new Set(first.folded);
  for (let run = 0; run < 6; run += 1) for (const one of (await foldAll(world.ports)).folded) folded.add(one);
  expect([...folded].sort()).toEqual(['billing@production', lane]);
});

describe('the turn of each lane', () => {
  test.each([
    { lanes: 2, aRun: 1 },
    { lanes: 7, aRun: 2 },
    { lanes: 50, aRun: 3 },
    { lanes: 100, aRun: 10 },
    { lanes: 1_000, aRun: 40 },
  ])('$lanes lanes, $aRun a run: all come within three rounds, whenever it begins', ({ lanes: count, aRun }) => {
    const lanes = Array.from({ length: count }, (_, index) => `app${index}@production` as LaneId);
    for (let begin = 29_000_000; begin < 29_000_200; begin += 1) {
      const folded = new Set<LaneId>();
      for (let run = 0; run < Math.ceil((3 * count) / aRun); run += 1)
        for (const one of inTurn(lanes, begin + run).slice(0, aRun)) folded.add(one);
      expect(folded.size, `from run ${begin}`).toBe(count);
    }
  });

  test('is the same list, turned', () => {
    const lanes = ['a@p', 'b@p', 'c@p'] as LaneId[];
    for (let run = 0; run < 9; run += 1) expect([...inTurn(lanes, run)].sort()).toEqual(lanes);
    expect(inTurn([], 5)).toEqual([]);
  });
});

test('what the watched version of a lane is judged by is not compacted', async () => {
  const world = new World();
  const occurredAt = at('12:00:00');
  await appendErrors(world.ports, [message('m1', failing('pay', { occurredAt }))]);
  const { active: watching } = watchingLane();
  if (watching === null) throw new Error('nothing is watched');
  world.active = { ...watching, record: { ...watching.record, liveAt: occurredAt } };
  world.now = new Date(occurredAt.getTime() + 10 * 3_600_000);
  const left = async (): Promise<number> => {
    await foldAll(world.ports);
    return (await world.errors.deltas(lane, new Date(0))).length;
  };
  expect(await left()).toBe(1);
  world.active = null;
  expect(await left()).toBe(0);
});
