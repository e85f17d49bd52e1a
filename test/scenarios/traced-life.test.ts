import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCompleted } from '../../infra/local/demo/event.ts';
import { makeBuild } from '../../infra/local/demo/sample-build.ts';
import type { METRICS } from '../../shared/metrics.ts';
import { errorEvent, report } from '../functions/events.ts';
import { type LogLine, readLog } from '../functions/log-lines.ts';
import { eventually } from './eventually.ts';
import { type LaneUnderTest, laneUnderTest } from './lane-under-test.ts';
import { type RunningStack, runningStack } from './running-stack.ts';
import type { DeploymentShown } from './service-api.ts';
import { storefront } from './storefront.ts';

/** One line of the service, and the function that wrote it. */
interface Line {
  by: string;
  facts: Record<string, unknown>;
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
const APPROVER = 'Ada Lovelace';
const traceId = hex(16);
const reporters = Array.from({ length: 20 }, () => hex(16));

let running: RunningStack;
let lane: LaneUnderTest;
let live: DeploymentShown;
beforeAll(async () => {
  const approval = { required: true, approvers: [APPROVER], mayApproveOwn: true, expiresAfter: '120s' };
  running = await runningStack(storefront({ production: { approval, watch: { for: '2500ms', every: '300ms' } } }), {
    people: { [APPROVER]: 'ada-token' },
    // No clock of the idle lane comes while the deployment moves.
    timing: { patrolMs: 600_000, lookGapMs: 300 },
  });
  lane = laneUnderTest(running, 'production');
  await eventually('it adopts 0.9.0', 90_000, lane.shown, ({ live: now }) => now?.version === '0.9.0');
  await post('/api/v1/builds', await event(), traceId);
  live = await lane.reaches('1.0.0', 'awaiting-approval');
  const approve = { type: 'approve', deployment: live.id, build: live.build.id };
  await lane.command(approve, 'ada-token');
  await lane.reaches('1.0.0', 'watching');
  await Promise.all(reporters.slice(0, 10).map((id) => post('/api/v1/errors', errorEvent(oldError()), id)));
  const bus = new ServiceBusClient(running.stack.addresses.serviceBus);
  const named = (id: string) => ({ ...errorEvent(oldError()), traceparent: `00-${id}-${hex(8)}-01` });
  await bus.createSender('error-reports').sendMessages(reporters.slice(10).map((id) => ({ body: named(id) })));
  await bus.close();
  live = await lane.reaches('1.0.0', 'done');
  for (const timer of ['sweep', 'fold'])
    await fetch(`${running.stack.addresses.service}/admin/functions/${timer}`, { method: 'POST', body: '{}' });
}, 200_000);
afterAll(() => running?.close());

async function event(): Promise<object> {
  const build = makeBuild('1.0.0');
  const url = await running.announcer.upload('1.0.0.zip', build.zip);
  const facts = { app: 'storefront', environment: 'production', build, url, sha256: build.sha256, number: 1 };
  const by = { requestedBy: { name: 'Grace Hopper', email: 'grace@example.com' }, commits: ['work'] };
  return buildCompleted({ id: 'traced-1', ...facts, ...by, at: new Date() });
}

/** Of the version before, so that it says nothing against the new one. */
const oldError = () => report({ app: 'storefront', version: '0.9.0' });

async function post(path: string, body: object, trace: string): Promise<void> {
  const { service, token } = running.stack.addresses;
  const answer = await fetch(`${service}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      traceparent: `00-${trace}-${hex(8)}-01`,
      tracestate: 'shop=7',
    },
    body: JSON.stringify(body),
  });
  expect(answer.status, await answer.text()).toBe(202);
}

const raw = (): LogLine[] =>
  readLog(readFileSync(join(running.dir, 'data/logs/functions-host.log'), 'utf8')).filter(
    ({ function: by }) => by !== undefined,
  );
const lines = (): Line[] =>
  raw().map(({ function: by = '', message }) => ({ by, facts: JSON.parse(message) as Line['facts'] }));
const about = (deployment: string): Line[] => lines().filter(({ facts }) => facts.deployment === deployment);
const metrics = (name: keyof typeof METRICS): Line['facts'][] =>
  lines()
    .map(({ facts }) => facts)
    .filter(({ what, metric }) => what === 'metric' && metric === name);

/** Lines are written after what they tell of was stored; the last to come is awaited. */
async function written(what: string, is: () => boolean): Promise<void> {
  await eventually(what, 30_000, async () => is(), Boolean);
}

test('every line of every invocation is one JSON object with its trace and span, and no secret', async () => {
  await written('the deployment’s end', () => metrics('deployment.ended').length > 0);
  for (const { by, facts } of lines()) {
    expect(facts, by).toMatchObject({
      what: expect.stringMatching(/./),
      trace: expect.stringMatching(/^[0-9a-f]{32}$/),
      span: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    if (['laneInput', 'packageOrder', 'notice'].includes(by)) expect(facts.lane, JSON.stringify(facts)).toBe(lane.id);
  }
  const all = raw()
    .map(({ message }) => message)
    .join('\n');
  for (const secret of [running.stack.addresses.token, 'ada-token', 'sig=', 'Bearer'])
    expect(all.includes(secret), `${secret.slice(0, 6)}…`).toBe(false);
});

test('the trace of the posted build is on every line of its deployment until it is live, and on its last', async () => {
  await written('Slack was told of its end', () =>
    about(live.id).some(({ by, facts }) => by === 'notice' && facts.outcome === 'updated'),
  );
  const own = about(live.id);
  const doors = new Set(own.map(({ by }) => by));
  expect([...doors].sort()).toEqual(['laneInput', 'notice', 'packageOrder']);
  // Strangers are who approved and what Event Grid told: they came by messages of their own, and what follows is the deployment's again.
  const strangers = own.filter(({ facts }) => facts.trace !== traceId);
  const causes = lines().filter(({ by }) => by === 'postCommand' || by === 'siteEvent');
  for (const { by, facts } of strangers) {
    expect(by).toBe('laneInput');
    expect(causes.map((cause) => cause.facts.trace)).toContain(facts.trace);
    expect(String(facts.input)).not.toMatch(/~(?:wake|package-)/);
  }
  const commanded = causes.find(({ facts }) => facts.asked === 'approve')?.facts;
  expect(strangers.map(({ facts }) => facts.input)).toContain(commanded?.input);
  const wakes = own.filter(({ facts }) => /~wake\d+$/.test(String(facts.input)) && facts.what === 'lanes');
  expect(wakes.length).toBeGreaterThan(8);
  expect(lines().some(({ by, facts }) => by === 'postBuild' && facts.trace === traceId)).toBe(true);
  expect(new Set(own.map(({ facts }) => facts.span)).size).toBeGreaterThan(12);
});

test('reports keep their own traces: a batch names those it took, and none comes into the deployment’s', async () => {
  const linked = (): Set<unknown> =>
    new Set(lines().flatMap(({ by, facts }) => (by === 'errorReports' ? ((facts.links ?? []) as unknown[]) : [])));
  await written('all were taken', () => reporters.slice(10).every((id) => linked().has(id)));
  for (const { facts } of about(live.id)) expect(reporters).not.toContain(facts.trace);
});

test('each metric of a good life is written, with the values that the deployment’s row has', async () => {
  // The timers run by their own clocks as well: the one that was asked for is among them.
  const foldedIt = (): boolean => metrics('fold.lanes').some(({ value }) => value === 1);
  await written('the lane was folded', () => foldedIt() && metrics('lanes.overdue').some(({ value }) => value === 0));
  expect(metrics('fold.duration').length).toBeGreaterThan(0);
  expect(metrics('fold.left').every(({ value }) => value === 0)).toBe(true);
  const ids = { lane: lane.id, deployment: live.id };
  expect(metrics('deployment.ended')).toEqual([expect.objectContaining({ ...ids, outcome: 'live', value: 1 })]);
  const spans = live.stages.slice(1).map(({ at }, index) => {
    const from = live.stages[index];
    return [from?.stage, Date.parse(at) - Date.parse(from?.at ?? '')];
  });
  expect(metrics('deployment.stage').map(({ stage, value }) => [stage, value])).toEqual(spans);
  const [machine, human] = metrics('deployment.lead-time');
  expect([machine?.part, human?.part]).toEqual(['machine', 'human']);
  const waited = spans.find(([stage]) => stage === 'awaiting-approval')?.[1];
  const all = Date.parse(live.liveAt ?? '') - Date.parse(live.stages[0]?.at ?? '');
  expect([Number(machine?.value) + Number(human?.value), human?.value]).toEqual([all, waited]);
  expect(metrics('act.ended').map(({ act, end, deployment }) => [act, end, deployment])).toEqual([
    ['settings', 'done', live.id],
    ['publish', 'done', live.id],
    ['swap', 'done', live.id],
  ]);
  for (const { value } of metrics('act.ended')) expect(value).toBeGreaterThan(0);
  const counted = (): number => metrics('errors.counted').reduce((sum, { value }) => sum + Number(value), 0);
  await written('20 reports were counted', () => counted() >= 20);
  expect(counted()).toBe(20);
  expect(metrics('errors.late')).toEqual([]);
});
