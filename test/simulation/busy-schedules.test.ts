import { expect, test } from 'vitest';
import { busyLives } from './scenario.ts';
import { search } from './search.ts';

const schedules = Number(process.env.SCHEDULES ?? 500);
const seed = Number(process.env.SEED ?? 20_260_302);

test(`${schedules} lives of builds that overtake each other and people who command: every law holds`, async () => {
  const found = await search(busyLives, { schedules, seed });
  expect(found.law, found.told).toBe('');
  for (const what of [
    'deploy live',
    'deploy rolled-back',
    'deploy superseded',
    'deploy cancelled',
    'deploy expired',
    'deploy rejected',
    'rollback rolled-back',
    'swap quiet again',
  ])
    expect(found.met.get(what) ?? 0, what).toBeGreaterThan(0);
}, 300_000);
