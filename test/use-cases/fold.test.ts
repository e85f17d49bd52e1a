import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../shared/correlation/fingerprint.ts';
import { stateOf } from '../../shared/correlation/group.ts';
import { PROBE_TAG, probeFingerprint } from '../../shared/correlation/probe.ts';
import type { ErrorReport } from '../../shared/correlation/words.ts';
import type { DeploymentId } from '../../shared/lane/words.ts';
import { LostRace } from '../../shared/ports.ts';
import { appendErrors } from '../../shared/use-cases/append-errors.ts';
import { ignoreGroup, resolveGroup } from '../../shared/use-cases/errors-resolve.ts';
import { fold } from '../../shared/use-cases/fold.ts';
import { at } from '../correlation/error-report.ts';
import { failing, fingerprint, lane, message, version, World } from './errors-world.ts';

let messages = 0;
/** Each call is a message of its own. */
async function report(world: World, ...reports: ErrorReport[]): Promise<void> {
  messages += 1;
  await appendErrors(world.ports, [message(`m${messages}`, ...reports)]);
}
const groupOf = (world: World, of: ErrorReport) => world.group(of, fingerprintOf);
const pay = failing('pay');

/** 1.0 live from 10:00, 1.1 from 11:00; now is 12:00. */
async function twoVersions(): Promise<World> {
  const world = new World();
  await world.goesLive('1.0', at('10:00:00'), { kind: 'external' });
  await world.goesLive('1.1', at('11:00:00'), { switchedBetween: { from: at('10:59:00'), to: at('10:59:30') } });
  return world;
}

describe('counts', () => {
  test('are tied to versions: as reported, else by the marker in force, the swap apart', async () => {
    const world = await twoVersions();
    await report(world, failing('pay', { version: '1.1', occurredAt: at('10:30:00'), count: 5 }));
    await report(world, failing('pay', { occurredAt: at('09:00:00') }), failing('pay', { occurredAt: at('10:30:00') }));
    await report(world, failing('pay', { occurredAt: at('10:59:10') }), failing('pay', { occurredAt: at('11:30:00') }));
    await fold(world.ports, lane);
    expect(await groupOf(world, pay)).toMatchObject({
      total: 9,
      countByVersion: { none: 1, '1.0': 1, 'during the swap': 1, '1.1': 6 },
      firstAt: at('09:00:00'),
      lastAt: at('11:30:00'),
      lastVersion: '1.1',
      firstVersion: null,
      title: 'Error: pay failed',
    });
  });

  test('of reports tied before their marker was written are tied anew', async () => {
    const world = new World();
    await report(world, failing('pay', { occurredAt: at('11:30:00') }));
    await fold(world.ports, lane);
    expect((await groupOf(world, pay)).countByVersion).toEqual({ none: 1 });
    await world.goesLive('1.1', at('11:00:00'));
    await fold(world.ports, lane);
    expect((await groupOf(world, pay)).countByVersion).toEqual({ '1.1': 1 });
  });

  test('do not hold probes, which are seen nevertheless', async () => {
    const world = await twoVersions();
    await report(world, failing('probe', { version: '1.1', tags: { [PROBE_TAG]: 'p1' } }));
    const folded = await fold(world.ports, lane);
    expect(folded.groups).toEqual([]);
    expect(folded.sums.probes).toEqual(new Set([probeFingerprint('p1')]));
    expect(world.notices()).toEqual([]);
  });

  test('of one lane stay out of another', async () => {
    const world = new World();
    await report(world, pay, { ...pay, environment: 'test' as ErrorReport['environment'] });
    expect((await fold(world.ports, lane)).groups).toMatchObject([{ total: 1 }]);
  });

  test('of the twenty versions seen last are kept, and the total of all', async () => {
    const world = new World();
    for (let n = 0; n < 25; n += 1)
      await report(world, failing('pay', { version: `1.${n}`, occurredAt: at(`10:${String(n).padStart(2, '0')}:00`) }));
    await fold(world.ports, lane);
    const group = await groupOf(world, pay);
    expect(Object.keys(group.countByVersion)).toHaveLength(20);
    expect(group.countByVersion).toHaveProperty(['1.24']);
    expect(group.total).toBe(25);
  });
});

test('what did not change is not written', async () => {
  const world = await twoVersions();
  await report(world, failing('pay', { version: '1.1' }), failing('cart', { version: '1.1' }));
  expect((await fold(world.ports, lane)).written).toBe(2);
  expect((await fold(world.ports, lane)).written).toBe(0);
  await report(world, failing('cart', { version: '1.1' }));
  expect((await fold(world.ports, lane)).written).toBe(1);
});

describe('notices', () => {
  test('tell of a new group once for its version, with the deployment that brought it', async () => {
    const world = await twoVersions();
    await report(world, failing('pay', { version: '1.1' }));
    await fold(world.ports, lane);
    await report(world, failing('pay', { version: '1.1' }));
    await fold(world.ports, lane);
    expect(world.published).toMatchObject([
      {
        type: 'io.warmswap.error-group.announced',
        subject: `${lane}!${fingerprintOf(pay)}`,
        data: { lane, fingerprint: fingerprintOf(pay), kind: 'new', version: '1.1', deployment: 'deployment-of-1.1' },
      },
    ]);
    expect(await groupOf(world, pay)).toMatchObject({ announced: { '1.1': world.now } });
  });

  test('wait for the marker', async () => {
    const world = await twoVersions();
    await report(world, failing('pay', { version: '1.2' }));
    await fold(world.ports, lane);
    expect(world.notices()).toEqual([]);
    await world.goesLive('1.2', at('12:00:00'));
    await fold(world.ports, lane);
    expect(world.notices()).toEqual(['new in 1.2']);
  });

  test('say nothing of an old error in a new version', async () => {
    const world = await twoVersions();
    await report(world, failing('pay', { occurredAt: at('09:00:00') }), failing('pay', { version: '1.1' }));
    await fold(world.ports, lane);
    expect(world.notices()).toEqual([]);
  });

  test('fit a message id, however long the version', async () => {
    const world = new World();
    const long = 'v'.repeat(200);
    await world.goesLive(long, at('11:00:00'));
    await report(world, failing('pay', { version: long }));
    await fold(world.ports, lane);
    expect(world.published[0]?.id.length).toBeLessThanOrEqual(128);
  });

  test('are made up for when the topic comes back; meanwhile counting goes on', async () => {
    const world = await twoVersions();
    world.topicIsDown = true;
    await report(world, failing('pay', { version: '1.1' }));
    expect(await fold(world.ports, lane)).toMatchObject({ told: 0, untold: 1, written: 1 });
    world.topicIsDown = false;
    expect(await fold(world.ports, lane)).toMatchObject({ told: 1, untold: 0 });
    expect(world.notices()).toEqual(['new in 1.1']);
  });
});

describe('a group that was resolved', () => {
  async function resolved(inVersion: string): Promise<World> {
    const world = await twoVersions();
    await report(world, failing('pay', { version: '1.0', occurredAt: at('10:10:00') }));
    await fold(world.ports, lane);
    const done = await resolveGroup(world.ports, lane, fingerprintOf(pay), version(inVersion), 'Ada');
    expect(done).toMatchObject({ changed: true, group: { resolvedIn: inVersion, resolvedAt: world.now } });
    world.published.length = 0;
    return world;
  }
  const state = async (world: World) => stateOf(await groupOf(world, pay), version('1.1'));

  test('stays so while nothing comes', async () => {
    const world = await resolved('1.0');
    await fold(world.ports, lane);
    expect(await state(world)).toBe('resolved');
  });

  test('is regressed when seen in a version that went live later; people are told once', async () => {
    const world = await resolved('1.0');
    await report(world, failing('pay', { version: '1.1' }));
    await fold(world.ports, lane);
    await report(world, failing('pay', { version: '1.1' }));
    await fold(world.ports, lane);
    expect(await state(world)).toBe('regressed');
    expect(world.notices()).toEqual(['regressed in 1.1']);
  });

  test.each([
    ['a late error of an older version', '1.1', [failing('pay', { version: '1.0', occurredAt: at('10:20:00') })]],
    ['the same version', '1.1', [failing('pay', { version: '1.1' })]],
    ['a version that is not live', '1.1', [failing('pay', { version: 'dev' })]],
  ])('is not regressed by %s', async (_, inVersion, reports) => {
    const world = await resolved(inVersion);
    await report(world, ...reports);
    await fold(world.ports, lane);
    expect(await state(world)).toBe('resolved');
    expect(world.notices()).toEqual([]);
  });

  test('is not regressed by a rollback to an older version', async () => {
    const world = await resolved('1.1');
    await world.goesLive('1.0', at('11:30:00'), { kind: 'rollback', id: 'back', deployment: 'd9' as DeploymentId });
    await report(world, failing('pay', { occurredAt: at('11:40:00') }));
    await fold(world.ports, lane);
    expect(await groupOf(world, pay)).toMatchObject({ countByVersion: { '1.0': 2 }, regressedIn: null });
  });

  test('again, in the version it came back in, is resolved', async () => {
    const world = await resolved('1.0');
    await report(world, failing('pay', { version: '1.1' }));
    await fold(world.ports, lane);
    await resolveGroup(world.ports, lane, fingerprintOf(pay), version('1.1'), 'Ada');
    await fold(world.ports, lane);
    expect(await state(world)).toBe('resolved');
  });
});

test('an ignored group is counted and never told of', async () => {
  const world = new World();
  await report(world, failing('pay', { version: '1.1' }));
  await fold(world.ports, lane);
  await ignoreGroup(world.ports, lane, fingerprintOf(pay), true, 'Ada');
  await world.goesLive('1.1', at('11:00:00'));
  await fold(world.ports, lane);
  expect(world.notices()).toEqual([]);
  expect(await groupOf(world, pay)).toMatchObject({ total: 1, ignored: true });
  await ignoreGroup(world.ports, lane, fingerprintOf(pay), false, 'Ada');
  await fold(world.ports, lane);
  expect(world.notices()).toEqual(['new in 1.1']);
});

test('a command for a group that is not there is refused', async () => {
  const world = new World();
  const refused = { changed: false, because: expect.stringContaining('no error group f00') };
  expect(await ignoreGroup(world.ports, lane, fingerprint('f00'), true, 'Ada')).toEqual(refused);
  expect(await resolveGroup(world.ports, lane, fingerprint('f00'), version('1'), 'Ada')).toEqual(refused);
});

describe('lost races', () => {
  test('a command in the middle of a fold is kept', async () => {
    const world = await twoVersions();
    await report(world, failing('pay', { version: '1.1' }));
    await fold(world.ports, lane);
    await report(world, failing('pay', { version: '1.1' }));
    const save = world.errors.saveGroups.bind(world.errors);
    let interfered = false;
    world.errors.saveGroups = async (of, groups) => {
      if (!interfered) {
        interfered = true;
        await ignoreGroup(world.ports, lane, fingerprintOf(pay), true, 'Ada');
      }
      await save(of, groups);
    };
    await fold(world.ports, lane);
    expect(await groupOf(world, pay)).toMatchObject({ total: 2, ignored: true });
  });

  test('two folds at once count once', async () => {
    const world = await twoVersions();
    await report(world, failing('pay', { version: '1.1' }));
    await Promise.all([fold(world.ports, lane), fold(world.ports, lane), fold(world.ports, lane)]);
    expect(await groupOf(world, pay)).toMatchObject({ total: 1, announced: { '1.1': world.now } });
  });

  test('lost without end are thrown', async () => {
    const world = new World();
    await report(world, pay);
    world.errors.saveGroups = async () => Promise.reject(new LostRace('always'));
    await expect(fold(world.ports, lane)).rejects.toThrow(LostRace);
  });
});
