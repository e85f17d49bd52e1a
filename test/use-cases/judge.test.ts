import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../shared/correlation/fingerprint.ts';
import { PROBE_TAG } from '../../shared/correlation/probe.ts';
import type { ErrorReport } from '../../shared/correlation/words.ts';
import type { Evidence } from '../../shared/lane/lane.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import { LastingFailure, Unavailable } from '../../shared/ports.ts';
import { appendErrors } from '../../shared/use-cases/append-errors.ts';
import { ignoreGroup } from '../../shared/use-cases/errors-resolve.ts';
import { judge, runChecks } from '../../shared/use-cases/judge.ts';
import { at } from '../correlation/error-report.ts';
import { Crash, failing, lane, message, policy, version, World } from './errors-world.ts';

const liveAt = at('11:50:00');
const probe = failing('probe', { version: '1.1', occurredAt: at('11:59:50'), tags: { [PROBE_TAG]: 'p1' } });
let messages = 0;

/** 1.0 live from 10:00, 1.1 from 11:50 (switched from 11:49 on); now is 12:00. */
async function watching(...reports: ErrorReport[]): Promise<World> {
  const world = new World();
  await world.goesLive('1.0', at('10:00:00'));
  await world.goesLive('1.1', liveAt, { switchedBetween: { from: at('11:49:00'), to: at('11:49:30') } });
  messages += 1;
  if (reports.length > 0) await appendErrors(world.ports, [message(`m${messages}`, ...reports)]);
  return world;
}
const judged = (world: World, changes: Partial<Policy> = {}): Promise<Evidence> =>
  judge(world.ports, {
    lane,
    version: version('1.1'),
    liveAt,
    policy: { ...policy, ...changes },
    probeId: 'p1',
    now: world.now,
  });
const old = failing('old', { version: '1.0', occurredAt: at('11:20:00'), count: 60 });

describe('errors', () => {
  test('none, and the probe came out: good', async () => {
    expect(await judged(await watching(probe))).toMatchObject({ verdict: 'good', counted: true, reportsPerMinute: 0 });
  });

  test('none, and no probe came out: not good', async () => {
    expect(await judged(await watching())).toMatchObject({ verdict: 'so-far-good', counted: false });
  });

  test('of the version and of what it brought: bad from enough reports on', async () => {
    const pay = (count: number) => failing('pay', { version: '1.1', occurredAt: at('11:55:00'), count });
    expect(await judged(await watching(probe, pay(4)))).toMatchObject({ verdict: 'good', newGroups: [{ reports: 4 }] });
    expect(await judged(await watching(probe, pay(5)))).toMatchObject({
      verdict: 'bad',
      newGroups: [{ fingerprint: fingerprintOf(pay(5)), title: 'Error: pay failed', reports: 5 }],
    });
  });

  test.each<[string, ErrorReport[], Partial<Evidence>]>([
    [
      'of the older version are not the new one’s',
      [{ ...old, occurredAt: at('11:59:00'), count: 900 }],
      { reportsPerMinute: 0 },
    ],
    [
      'without a version are the live one’s',
      [failing('pay', { occurredAt: at('11:55:00'), count: 7 })],
      { verdict: 'bad' },
    ],
    [
      'without a version while it was switched are nobody’s',
      [failing('pay', { occurredAt: at('11:49:10'), count: 7 })],
      { newGroups: [] },
    ],
    [
      'of the new version from the switch on count',
      [failing('pay', { version: '1.1', occurredAt: at('11:49:40'), count: 7 })],
      { verdict: 'bad' },
    ],
    [
      'of the new version from staging do not',
      [failing('pay', { version: '1.1', occurredAt: at('11:40:00'), count: 7 })],
      { newGroups: [], reportsPerMinute: 0 },
    ],
    [
      'known before are no new ones',
      [old, failing('old', { version: '1.1', occurredAt: at('11:55:00'), count: 7 })],
      { newGroups: [], verdict: 'good' },
    ],
  ])('%s', async (_, reports, evidence) => {
    expect(await judged(await watching(probe, ...reports))).toMatchObject(evidence);
  });

  test('too many against the hour before', async () => {
    const more = failing('old', { version: '1.1', occurredAt: at('11:55:00'), count: 11 * 40 });
    expect(await judged(await watching(probe, old, more))).toMatchObject({
      verdict: 'bad',
      reportsPerMinute: 40,
      before: 1,
      newGroups: [],
      why: 'too many errors: 40 a minute, 1 in the hour before',
    });
    const usual = { ...old, count: 60 * 20 };
    expect(await judged(await watching(probe, usual, more))).toMatchObject({ verdict: 'good', before: 20 });
  });

  test('before are counted over the time we know of', async () => {
    const world = new World();
    await world.goesLive('1.0', at('11:40:00'), { kind: 'external' });
    await world.goesLive('1.1', liveAt);
    await appendErrors(world.ports, [message('m1', { ...old, occurredAt: at('11:45:00'), count: 100 })]);
    expect(await judged(world)).toMatchObject({ before: 10 });
  });

  test('that are ignored count on neither side', async () => {
    const world = await watching(probe, failing('pay', { version: '1.1', occurredAt: at('11:55:00'), count: 999 }));
    await judged(world);
    await ignoreGroup(world.ports, lane, fingerprintOf(failing('pay')), true, 'Ada');
    expect(await judged(world)).toMatchObject({ verdict: 'good', reportsPerMinute: 0 });
  });

  test('an old version that comes back is not blamed for what it brought then', async () => {
    const world = await watching(probe, failing('pay', { version: '1.0', occurredAt: at('10:30:00') }));
    await world.goesLive('1.0', at('11:56:00'), { kind: 'rollback', id: 'back' });
    const again = failing('pay', { version: '1.0', occurredAt: at('11:57:00'), count: 7 });
    await appendErrors(world.ports, [message('again', again)]);
    const facts = { lane, version: version('1.0'), liveAt: at('11:56:00'), policy, probeId: 'p1', now: world.now };
    expect(await judge(world.ports, facts)).toMatchObject({ newGroups: [], reportsPerMinute: 1.75 });
  });

  test('are counted from going live while the marker is not written', async () => {
    const world = new World();
    await world.goesLive('1.0', at('10:00:00'));
    const pay = failing('pay', { version: '1.1', occurredAt: at('11:55:00'), count: 7 });
    await appendErrors(world.ports, [message('m1', pay)]);
    expect(await judged(world)).toMatchObject({ verdict: 'bad', newGroups: [{ reports: 7 }] });
  });
});

describe('what cannot be asked', () => {
  test.each([
    ['tables that do not answer', new Unavailable('the tables are down')],
    ['tables that refuse', new LastingFailure('forbidden')],
  ])('%s: inconclusive, nothing counted', async (_, error) => {
    const world = await watching(probe);
    world.errors.deltas = async () => Promise.reject(error);
    expect(await judged(world)).toMatchObject({
      verdict: 'inconclusive',
      counted: false,
      reportsPerMinute: null,
      why: `could not count errors: ${error.message}`,
    });
  });

  test('a site that cannot be asked', async () => {
    const world = await watching(probe);
    world.answers = () => {
      throw new Unavailable('no token');
    };
    expect(await judged(world)).toMatchObject({ verdict: 'inconclusive', counted: true, checks: [] });
  });

  test('a topic that is down hinders no verdict', async () => {
    const world = await watching(probe, failing('pay', { version: '1.1', occurredAt: at('11:55:00'), count: 7 }));
    world.topicIsDown = true;
    expect(await judged(world)).toMatchObject({ verdict: 'bad', counted: true });
  });

  test('a fault of ours is no verdict', async () => {
    const world = await watching(probe);
    world.blow = { call: world.calls + 1, when: 'before', as: () => new Crash() };
    await expect(judged(world)).rejects.toThrow(Crash);
  });
});

describe('checks', () => {
  const check = { name: 'home', path: '/', status: 200 };
  const answer = { answered: true as const, status: 200, headers: {}, body: 'Welcome', latencyMs: 12.4 };
  const result = (changes: object) => [{ name: 'home', status: 200, latencyMs: 12.4, ...changes }];

  test.each([
    [check, answer, result({ ok: true, why: '200 in 12 ms' })],
    [check, { ...answer, status: 503 }, result({ ok: false, status: 503, why: '/ answered 503, expected 200' })],
    [{ ...check, contains: 'Welcome' }, answer, result({ ok: true })],
    [{ ...check, contains: 'Hello' }, answer, result({ ok: false, why: 'the answer of / does not contain "Hello"' })],
    [{ ...check, maxLatencyMs: 12 }, answer, result({ ok: false, why: '/ took 13 ms, allowed are 12 ms' })],
    [{ ...check, maxLatencyMs: 13 }, answer, result({ ok: true })],
    [
      check,
      { answered: false as const, because: 'ECONNREFUSED' },
      result({ ok: false, status: null, latencyMs: null, why: 'ECONNREFUSED' }),
    ],
  ])('%j asked, %j → %j', async (asked, answered, results) => {
    const world = new World();
    world.answers = () => answered;
    expect(await runChecks(world.ports, { ...policy, checks: [asked] }, 'staging')).toMatchObject(results);
  });

  test('that fail once and not again are good; good ones are asked once', async () => {
    const world = new World();
    let times = 0;
    world.answers = () => {
      times += 1;
      return times === 1 ? { answered: false, because: 'reset' } : answer;
    };
    expect(await runChecks(world.ports, policy, 'staging')).toMatchObject([{ ok: true }]);
    await runChecks(world.ports, policy, 'production');
    expect(world.asked).toEqual(['staging/', 'staging/', 'production/']);
  });

  test('that fail in production are bad', async () => {
    const world = await watching(probe);
    world.answers = () => ({ ...answer, status: 500 });
    expect(await judged(world)).toMatchObject({ verdict: 'bad', checks: [{ ok: false }] });
    expect(world.asked).toEqual(['production/', 'production/']);
  });

  test('none of them: nothing is asked', async () => {
    const world = new World();
    expect(await runChecks(world.ports, { ...policy, checks: [] }, 'staging')).toEqual([]);
  });
});
