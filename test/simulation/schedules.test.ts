import { expect, test } from 'vitest';
import { shortLives } from './scenario.ts';
import { search } from './search.ts';

const schedules = Number(process.env.SCHEDULES ?? 1_500);
const seed = Number(process.env.SEED ?? 20_260_301);

test(`${schedules} lives of one build, with every fault, crash, stall and hand: every law holds`, async () => {
  const found = await search(shortLives, { schedules, seed });
  expect(found.law, found.told).toBe('');
  // A search that never met these proved little.
  for (const what of [
    'deploy live',
    'deploy rolled-back',
    'deploy failed',
    'deploy needs-human',
    'stage awaiting-rollback',
    'swap accepted',
    'swap quiet',
    'swap looking again',
    'publish quiet again',
    'reset looking',
    'settings looking',
    'hold',
    'hint applied',
    'hint ignored',
  ])
    expect(found.met.get(what) ?? 0, what).toBeGreaterThan(0);
}, 300_000);
