import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { errorEvent, report } from '../functions/events.ts';
import { eventually } from '../scenarios/eventually.ts';
import { type LaneUnderTest, laneUnderTest } from '../scenarios/lane-under-test.ts';
import { type RunningStack, runningStack } from '../scenarios/running-stack.ts';
import { storefront } from '../scenarios/storefront.ts';
import { funcHost } from './func-host.ts';

/** The main scenarios, on whatever runs the package as `func start` does. */

const { FUNC_BIN = '', FUNC_APP = '' } = process.env;
let running: RunningStack;
let lane: LaneUnderTest;
let bus: ServiceBusClient;

beforeAll(async () => {
  const apps = storefront({ production: { watch: { for: '3s', every: '300ms' } }, counted: {} });
  running = await runningStack(apps, {
    timing: { patrolMs: 1_500, lookGapMs: 300 },
    host: funcHost(FUNC_BIN, FUNC_APP),
  });
  bus = new ServiceBusClient(running.stack.addresses.serviceBus);
  lane = laneUnderTest(running, 'production');
});
afterAll(async () => {
  await bus?.close();
  await running?.close();
});

async function send(queue: string, bodies: unknown[]): Promise<void> {
  const sender = bus.createSender(queue);
  await sender.sendMessages(bodies.map((body) => ({ body })));
  await sender.close();
}

test('bad input over HTTP is refused, and on a queue it is kept with its reason', async () => {
  await expect(running.api.post('/api/v1/builds', { not: 'an event' })).rejects.toThrow('answered 400');
  await send('builds', ['no event at all']);
  const kept = () => running.api.get<{ deadLetters: { source: string; reason: string }[] }>('/api/v1/dead-letters');
  const { deadLetters } = await eventually('a dead letter', 90_000, kept, (seen) => seen.deadLetters.length > 0);
  expect(deadLetters).toMatchObject([{ source: 'builds' }]);
});

test('a small flood of error reports is counted exactly', async () => {
  const of = (message: number) =>
    errorEvent(
      Array.from({ length: 25 }, () => ({
        ...report({ fingerprint: 'quote' }),
        app: 'storefront',
        environment: 'counted',
      })),
      `flood-${message}`,
    );
  await send(
    'error-reports',
    Array.from({ length: 20 }, (_, message) => of(message)),
  );
  const groups = async () => {
    await fetch(`${running.stack.addresses.service}/admin/functions/fold`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    return running.api.get<{ errorGroups: { total: number }[] }>('/api/v1/error-groups?lane=storefront%40counted');
  };
  const counted = await eventually('500 reports', 90_000, groups, (seen) => (seen.errorGroups[0]?.total ?? 0) >= 500);
  expect(counted.errorGroups).toMatchObject([{ total: 500 }]);
});

test('a build goes live; one that throws is rolled back', async () => {
  await eventually('what runs is adopted', 120_000, lane.shown, ({ live }) => live?.version === '0.9.0');
  await lane.ship({ version: '1.0.0', number: 1 });
  expect(await lane.reaches('1.0.0', 'done')).toMatchObject({ outcome: 'live', from: '0.9.0' });
  expect(await lane.answers('production')).toEqual(['1.0.0']);

  await lane.ship({ version: '1.1.0', number: 2, flaw: 'throws' });
  const door = running.stack.addresses.sites[lane.id]?.production ?? '';
  const used = setInterval(() => void fetch(`${door}/api/quote`).catch(() => undefined), 50);
  const bad = await lane.reaches('1.1.0', 'done', 120_000).finally(() => clearInterval(used));
  expect(bad).toMatchObject({ outcome: 'rolled-back', evidence: { verdict: 'bad' } });
  expect(await lane.answers('production')).toEqual(['1.0.0']);
});
