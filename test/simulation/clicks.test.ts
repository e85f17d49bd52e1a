import { expect, test } from 'vitest';
import { searchClicks } from './clicks-search.ts';

const lives = Number(process.env.CLICKS ?? 10_000);
const seed = Number(process.env.SEED ?? 20_260_302);

test(`${lives} sequences of clicks, commands, expiries, new builds and rollbacks: every law holds (seed ${seed})`, async () => {
  const found = await searchClicks(lives, seed);
  expect(found.law, found.told).toBe('');
  console.log(`seed ${seed}`, Object.fromEntries([...found.met].sort(([, a], [, b]) => b - a)));
  // A search that never met these proved little.
  for (const what of [
    'approve applied',
    'approve ignored',
    'reject applied',
    'reject ignored',
    'hold applied',
    'hold ignored',
    'release applied',
    'roll-back applied',
    'roll-back ignored',
    'end-watch applied',
    'end-watch ignored',
    'retry applied',
    'retry ignored',
    'approved quietly',
    'approved loudly',
    'swapped as approved',
    'ended live',
    'ended expired',
    'ended rejected',
    'ended cancelled',
    'ended superseded',
    'ended rolled-back',
    'ended failed',
    'stage awaiting-rollback',
  ])
    expect(found.met.get(what) ?? 0, what).toBeGreaterThan(lives / 1_000);
}, 120_000);
