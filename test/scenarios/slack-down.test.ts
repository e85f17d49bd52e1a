import { afterEach, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { type LaneUnderTest, laneUnderTest } from './lane-under-test.ts';
import { type RunningStack, runningStack } from './running-stack.ts';
import { storefront } from './storefront.ts';

let running: RunningStack | undefined;
afterEach(() => running?.close());

const LIFE = ['queued', 'staging', 'warming', 'verifying', 'swapping', 'watching', 'done'];
/** Slack down, busy, and gone amid the answer; without `times` until it is taken away. */
const DOWN = [
  { what: 'answers 500', fault: { status: 500 } },
  { what: 'answers 429', fault: { status: 429, retryAfterSeconds: 2 } },
  { what: 'breaks the connection', fault: { down: true } },
];

/** How long a version took from its arrival to its end, as the deployment itself tells. */
async function shipped(lane: LaneUnderTest, version: string, number: number): Promise<{ id: string; tookMs: number }> {
  await lane.ship({ version, number });
  const { id, outcome, stages } = await lane.reaches(version, 'done');
  expect([outcome, stages.map(({ stage }) => stage)]).toEqual(['live', LIFE]);
  const [first, last] = [stages[0], stages.at(-1)];
  return { id, tookMs: Date.parse(last?.at ?? '') - Date.parse(first?.at ?? '') };
}

test('Slack is down for the whole life of deployments: they go live as fast, and are told of once it is back', {
  timeout: 240_000,
}, async () => {
  running = await runningStack(storefront({ production: {} }));
  const { slackFault } = running;
  const lane = laneUnderTest(running, 'production');
  const usual = await shipped(lane, '1.0.0', 1);
  const isTold = async (id: string, says: string): Promise<void> => {
    const own = await eventually(
      `Slack says “${says}”`,
      60_000,
      () => lane.messagesOf(id),
      (all) => all.some((text) => text.includes(says)),
    );
    expect(own).toHaveLength(1);
  };
  await isTold(usual.id, '1.0.0 is live');

  const untold: { id: string; version: string }[] = [];
  for (const [index, { what, fault }] of DOWN.entries()) {
    await slackFault(null);
    await slackFault(fault);
    const version = `2.${index}.0`;
    const { id, tookMs } = await shipped(lane, version, 2 + index);
    expect(tookMs, `a deployment while Slack ${what}, in milliseconds`).toBeLessThan(2 * usual.tookMs + 5_000);
    expect(await lane.answers('production')).toEqual([version]);
    expect(await lane.messagesOf(id), `while Slack ${what}`).toEqual([]);
    untold.push({ id, version });
  }
  await slackFault(null);
  const [last, ...before] = untold.reverse();
  await isTold(last?.id ?? '', `${last?.version} is live`);
  for (const { id, version } of before) await isTold(id, `${version} went live, and is live no longer`);
  const letters = await running.api.get<{ deadLetters: unknown[] }>('/api/v1/dead-letters?source=slack');
  expect(letters.deadLetters).toEqual([]);
  expect((await lane.markers()).map(({ version }) => version)).toEqual(['2.2.0', '2.1.0', '2.0.0', '1.0.0', '0.9.0']);
});
