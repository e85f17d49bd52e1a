import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canary } from '../canaries.ts';
import { eventually } from './eventually.ts';
import { type LaneUnderTest, laneUnderTest } from './lane-under-test.ts';
import { type RunningStack, runningStack } from './running-stack.ts';
import { storefront } from './storefront.ts';

const APPS = storefront({
  production: { watch: { for: '3s', every: '300ms' } },
  approved: { approval: { required: true, approvers: ['Grace Hopper', 'Ada Lovelace'], expiresAfter: '15s' } },
  watched: { watch: { for: '120s', every: '300ms' } },
  observed: { mode: 'observe' },
  staged: { mode: 'stage' },
  byhand: {},
});
const PEOPLE = { 'Grace Hopper': canary('token-grace'), 'Ada Lovelace': canary('token-ada') };
const LIFE = ['queued', 'staging', 'warming', 'verifying', 'swapping', 'watching', 'done'];

let running: RunningStack;
beforeAll(async () => {
  running = await runningStack(APPS, { people: PEOPLE, timing: { patrolMs: 1_500, lookGapMs: 300 } });
});
afterAll(() => running?.close());

/** The lane knows what production runs: what was there before the service came. */
async function opened(environment: string): Promise<LaneUnderTest> {
  const lane = laneUnderTest(running, environment);
  await eventually(`${lane.id} adopts 0.9.0`, 90_000, lane.shown, ({ live }) => live?.version === '0.9.0');
  return lane;
}

/** ARM took each intent's request at most once, and did what it took as often as production changed by us. */
async function swapped(lane: LaneUnderTest, times: number): Promise<void> {
  const swaps = await lane.swaps();
  const ids = swaps.map(({ clientRequestId }) => clientRequestId);
  expect(ids).not.toContain(null);
  expect(new Set(ids).size).toBe(ids.length);
  expect(swaps.filter(({ applied }) => applied).length).toBe(times);
}

/** Slack has one message about a deployment, and it says how that ended. */
async function told(lane: LaneUnderTest, deployment: string, says: string): Promise<void> {
  const ask = (): Promise<string[]> => lane.messagesOf(deployment);
  const own = await eventually(`Slack says “${says}”`, 60_000, ask, (all) => all.some((text) => text.includes(says)));
  expect(own).toHaveLength(1);
}

/** The markers of a lane, newest first; they are written after what they tell of was saved. */
async function marked(lane: LaneUnderTest, expected: [kind: string, version: string][]): Promise<void> {
  const markers = await eventually(
    `${expected.length} markers in ${lane.id}`,
    15_000,
    lane.markers,
    (all) => all.length >= expected.length,
  );
  expect(markers.map(({ kind, version }) => [kind, version])).toEqual(expected);
}

/** People use production; some of what they ask for may fail. */
async function useUntil(ended: Promise<unknown>, door: string): Promise<void> {
  let over = false;
  void ended.finally(() => {
    over = true;
  });
  while (!over) {
    await fetch(`${door}/api/quote`, { headers: { connection: 'close' } }).catch(() => undefined);
    await sleep(30);
  }
}

describe.concurrent('the whole life of a deployment', () => {
  test('goes live, is marked and told of; one that throws is rolled back and stays in quarantine', {
    timeout: 240_000,
  }, async () => {
    const lane = await opened('production');
    const { input } = await lane.ship({ version: '1.0.0', number: 1 });
    const live = await lane.reaches('1.0.0', 'done');
    expect([live.outcome, live.from, live.stages.map(({ stage }) => stage)]).toEqual(['live', '0.9.0', LIFE]);
    expect(await lane.outcome(input)).toMatchObject({ state: 'applied', deployment: live.id });
    expect(await lane.answers('production')).toEqual(['1.0.0']);
    await marked(lane, [
      ['deploy', '1.0.0'],
      ['external', '0.9.0'],
    ]);
    expect((await lane.markers())[0]).toMatchObject({ deployment: live.id, liveAt: live.liveAt });
    await told(lane, live.id, '1.0.0 is live');
    await swapped(lane, 1);

    const { event } = await lane.ship({ version: '1.1.0', number: 2, flaw: 'throws' });
    const rolledBack = lane.reaches('1.1.0', 'done');
    await useUntil(rolledBack, running.stack.addresses.sites[lane.id]?.production ?? '');
    const bad = await rolledBack;
    expect([bad.outcome, bad.evidence?.verdict]).toEqual(['rolled-back', 'bad']);
    expect(bad.evidence?.newGroups.map(({ title }) => title)).toEqual([expect.stringContaining('QuoteError')]);
    expect(await lane.answers('production')).toEqual(['1.0.0']);
    expect((await lane.shown()).live?.version).toBe('1.0.0');
    await marked(lane, [
      ['rollback', '1.0.0'],
      ['deploy', '1.1.0'],
      ['deploy', '1.0.0'],
      ['external', '0.9.0'],
    ]);
    await told(lane, bad.id, '1.1.0 was rolled back to 1.0.0');
    await swapped(lane, 3);

    const acts = (await lane.acts()).length;
    const rerun = await lane.announce({ ...event, id: 'production-2-rerun' });
    expect(await lane.outcome(rerun)).toMatchObject({
      state: 'ignored',
      because: expect.stringContaining('quarantined'),
    });
    const { location } = await running.api.post('/api/v1/builds', event);
    const first = await lane.outcome(decodeURIComponent(location?.split('/').at(-1) ?? ''));
    expect(first).toMatchObject({ state: 'applied', deployment: bad.id });
    expect([(await lane.deployments()).length, (await lane.acts()).length]).toEqual([2, acts]);
  });

  test('approval: never of one’s own change; rejected and retried; expired; a deploy by hand needs a person', {
    timeout: 240_000,
  }, async () => {
    const lane = await opened('approved');
    const words = ({ id, build }: { id: string; build: { id: string } }) => ({ deployment: id, build: build.id });

    await lane.ship({ version: '1.0.0', number: 1, by: 'Grace Hopper' });
    const first = await lane.reaches('1.0.0', 'awaiting-approval');
    expect(await lane.command({ type: 'approve', ...words(first) }, PEOPLE['Grace Hopper'])).toMatchObject({
      state: 'ignored',
      because: 'Grace Hopper may not approve their own change',
    });
    expect(await lane.command({ type: 'approve', ...words(first) })).toMatchObject({
      state: 'ignored',
      because: 'local operator is not among the approvers',
    });
    expect(await lane.swaps()).toEqual([]);
    const approved = await lane.command({ type: 'approve', ...words(first) }, PEOPLE['Ada Lovelace']);
    expect(approved.state).toBe('applied');
    const live = await lane.reaches('1.0.0', 'done');
    expect([live.outcome, live.approvedBy]).toEqual(['live', 'Ada Lovelace']);
    await swapped(lane, 1);

    await lane.ship({ version: '1.1.0', number: 2, by: 'Grace Hopper' });
    const second = await lane.reaches('1.1.0', 'awaiting-approval');
    await lane.command({ type: 'reject', ...words(second), reason: 'not on a Friday' }, PEOPLE['Ada Lovelace']);
    const rejected = await lane.reaches('1.1.0', 'done');
    expect([rejected.outcome, rejected.why]).toEqual(['rejected', 'Ada Lovelace rejected it: not on a Friday']);
    await told(lane, rejected.id, '1.1.0 was rejected');

    const sawLive = live.build.id;
    expect(await lane.command({ type: 'retry', deployment: second.id, sawLive: rejected.build.id })).toMatchObject({
      state: 'ignored',
      because: expect.stringContaining('you saw'),
    });
    expect((await lane.command({ type: 'retry', deployment: second.id, sawLive })).state).toBe('applied');
    const again = await lane.reaches('1.1.0', 'awaiting-approval');
    expect(again.id).not.toBe(second.id);
    const expired = await lane.reaches('1.1.0', 'done');
    expect([expired.outcome, expired.id]).toEqual(['expired', again.id]);
    expect(await lane.command({ type: 'approve', ...words(again) }, PEOPLE['Ada Lovelace'])).toMatchObject({
      state: 'ignored',
    });
    expect(await lane.answers('production')).toEqual(['1.0.0']);
    await swapped(lane, 1);

    await lane.ship({ version: '1.2.0', number: 3 });
    const third = await lane.reaches('1.2.0', 'awaiting-approval');
    await lane.person({ deploy: '7.7.7' });
    await lane.command({ type: 'approve', ...words(third) }, PEOPLE['Grace Hopper']);
    const stopped = await lane.reaches('1.2.0', 'done');
    expect([stopped.outcome, stopped.liveAt]).toEqual(['needs-human', null]);
    expect(stopped.why).toContain('7.7.7');
    expect((await lane.shown()).hold).toMatchObject({ by: 'warmswap', because: stopped.why });
    expect([await lane.answers('production'), await lane.answers('staging')]).toEqual([['1.0.0'], ['7.7.7']]);
    await told(lane, stopped.id, '1.2.0 needs a person');
    await swapped(lane, 1);
    await marked(lane, [
      ['deploy', '1.0.0'],
      ['external', '0.9.0'],
    ]);
  });

  test('the watch is ended by a person; what is live is rolled back by command, and only what its sender saw', {
    timeout: 240_000,
  }, async () => {
    const lane = await opened('watched');
    await lane.ship({ version: '1.0.0', number: 1 });
    const first = await lane.reaches('1.0.0', 'watching');
    await lane.ship({ version: '1.1.0', number: 2 });
    await lane.reaches('1.1.0', 'queued');
    const sawFirst = { sawLive: first.build.id };
    const other = await lane.command({ type: 'end-watch', deployment: 'another', ...sawFirst });
    expect(other).toMatchObject({ state: 'ignored', because: `you named another; watched is ${first.id}` });
    const ended = await lane.command({ type: 'end-watch', deployment: first.id, ...sawFirst });
    expect(ended).toMatchObject({
      state: 'applied',
      because: expect.stringContaining('local operator ended the watch'),
    });
    const second = await lane.reaches('1.1.0', 'watching');
    expect((await lane.deployments()).map(({ outcome }) => outcome)).toEqual([null, 'live']);

    await lane.command({ type: 'end-watch', deployment: second.id, sawLive: second.build.id });
    await lane.reaches('1.1.0', 'done');
    const outdated = await lane.command({ type: 'roll-back', ...sawFirst, reason: 'too late' });
    expect(outdated).toMatchObject({ state: 'ignored', because: expect.stringContaining('you saw') });
    const { state, deployment } = await lane.command({ type: 'roll-back', sawLive: second.build.id, reason: 'slow' });
    expect(state).toBe('applied');
    const back = await lane.reaches('1.0.0', 'done');
    expect([back.id, back.kind, back.outcome]).toEqual([deployment, 'rollback', 'rolled-back']);
    expect(await lane.answers('production')).toEqual(['1.0.0']);
    await marked(lane, [
      ['rollback', '1.0.0'],
      ['deploy', '1.1.0'],
      ['deploy', '1.0.0'],
      ['external', '0.9.0'],
    ]);
    await swapped(lane, 3);
  });

  test('mode observe says what it would do, and does nothing', { timeout: 180_000 }, async () => {
    const lane = await opened('observed');
    await lane.ship({ version: '1.0.0', number: 1 });
    const record = await lane.reaches('1.0.0', 'done');
    expect([record.outcome, record.why]).toEqual(['observed', expect.stringContaining('would stage 1.0.0')]);
    await told(lane, record.id, '1.0.0 would be deployed');
    expect([await lane.acts(), await lane.answers('production')]).toEqual([[], ['0.9.0']]);
  });

  test('a held lane starts nothing until it is released; mode stage stops before the swap', {
    timeout: 180_000,
  }, async () => {
    const lane = await opened('staged');
    expect((await lane.command({ type: 'hold', reason: 'the sale runs' })).state).toBe('applied');
    const { input } = await lane.ship({ version: '1.0.0', number: 1 });
    expect((await lane.outcome(input)).state).toBe('applied');
    expect(await lane.shown()).toMatchObject({
      hold: { by: 'local operator', because: 'the sale runs' },
      active: null,
      queue: [{ build: { version: '1.0.0' } }],
    });
    expect(await lane.acts()).toEqual([]);
    expect((await lane.command({ type: 'release' })).state).toBe('applied');
    const record = await lane.reaches('1.0.0', 'done');
    expect(record.outcome).toBe('staged');
    expect([await lane.answers('staging'), await lane.answers('production')]).toEqual([['1.0.0'], ['0.9.0']]);
    await told(lane, record.id, '1.0.0 is verified in staging');
    await swapped(lane, 0);
  });

  test('a person’s swap in an idle lane is marked, told of and not fought', { timeout: 180_000 }, async () => {
    const lane = await opened('byhand');
    await lane.person({ deploy: '5.0.0' });
    await lane.person('swap');
    await eventually('the swap is noticed', 90_000, lane.shown, ({ live }) => live?.version === '5.0.0');
    await marked(lane, [
      ['external', '5.0.0'],
      ['external', '0.9.0'],
    ]);
    const says = async (): Promise<boolean> =>
      (await lane.messages()).some((message) => message.says.includes(lane.id) && message.says.includes('5.0.0'));
    await eventually('Slack tells of it', 60_000, says, (is) => is);
    const before = (await running.received()).length;
    await eventually('two more patrols', 90_000, running.received, (all) => patrols(all.slice(before)) >= 2);
    expect(await lane.acts()).toEqual([]);
    expect(await lane.answers('production')).toEqual(['5.0.0']);
    expect(await lane.shown()).toMatchObject({ hold: null, active: null, live: { deployment: null } });
  });
});

/** A patrol reads the site itself once. */
const patrols = (received: { method: string; path: string }[]): number =>
  received.filter(({ method, path }) => method === 'GET' && /\/sites\/storefront-byhand(\?|$)/.test(path)).length;
