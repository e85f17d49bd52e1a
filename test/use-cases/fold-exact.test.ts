import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ErrorReport } from '../../shared/correlation/words.ts';
import { type ErrorGroup, LostRace } from '../../shared/ports.ts';
import { appendErrors, type DecodedErrors } from '../../shared/use-cases/append-errors.ts';
import { fold } from '../../shared/use-cases/fold.ts';
import { at } from '../correlation/error-report.ts';
import { Crash, failing, lane, message, World } from './errors-world.ts';

const HOUR = 3_600_000;
/** The same numbers for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `total` reports of 60 errors in four versions and none, packed ten to a message, over the hour before noon. */
function packed(total: number, next: () => number): DecodedErrors[] {
  const reports = Array.from({ length: total }, (): ErrorReport => {
    const version = ['1.0', '1.1', '1.2', undefined, '1.1'][Math.floor(next() * 5)];
    const occurredAt = new Date(at('11:00:00').getTime() + Math.floor(next() * 3_600_000));
    return failing(`step${Math.floor(next() ** 2 * 60)}`, { version, occurredAt, count: next() < 0.1 ? 5 : 1 });
  });
  return Array.from({ length: total / 10 }, (_, n) => message(`m${n}`, ...reports.slice(n * 10, n * 10 + 10)));
}

const reportsIn = (messages: DecodedErrors[]): number =>
  messages.reduce((sum, { reports }) => sum + reports.reduce((count, report) => count + report.count, 0), 0);
const totalOf = (groups: ErrorGroup[]): number => groups.reduce((sum, { total }) => sum + total, 0);
const byVersion = (groups: ErrorGroup[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { countByVersion } of groups)
    for (const [version, count] of Object.entries(countByVersion)) counts[version] = (counts[version] ?? 0) + count;
  return counts;
};
const inBatches = (messages: DecodedErrors[], size: number): DecodedErrors[][] =>
  Array.from({ length: Math.ceil(messages.length / size) }, (_, n) => messages.slice(n * size, (n + 1) * size));

async function world(): Promise<World> {
  const made = new World();
  await made.goesLive('1.0', at('10:00:00'), { kind: 'external' });
  await made.goesLive('1.1', at('11:10:00'));
  await made.goesLive('1.2', at('11:40:00'));
  return made;
}

test('20,000 reports with messages delivered again and regrouped: counts exact, in few requests', async () => {
  const next = random(7);
  const messages = packed(20_000, next);
  const shop = await world();
  const before = shop.requests;
  for (const batch of inBatches(messages, 100)) {
    await appendErrors(shop.ports, batch);
    await fold(shop.ports, lane);
  }
  const asked = (shop.requests - before) / 20;
  // Again: each message up to three times more, in other company.
  const again = messages.flatMap((one) => Array.from({ length: Math.floor(next() * 4) }, () => one));
  for (const batch of inBatches(
    again.sort(() => next() - 0.5),
    37,
  ))
    await appendErrors(shop.ports, batch);
  const { groups } = await fold(shop.ports, lane);

  expect(totalOf(groups)).toBe(reportsIn(messages));
  const expected: Record<string, number> = {};
  for (const { version, count, occurredAt } of messages.flatMap(({ reports }) => reports)) {
    const live = occurredAt < at('11:10:00') ? '1.0' : occurredAt < at('11:40:00') ? '1.1' : '1.2';
    expected[version ?? live] = (expected[version ?? live] ?? 0) + count;
  }
  const counted = byVersion(groups);
  // A sum of a message that reaches over the switch is neither version's.
  const apart = counted['during the swap'] ?? 0;
  for (const [version, count] of Object.entries(expected)) {
    expect(counted[version]).toBeLessThanOrEqual(count);
    expect(counted[version]).toBeGreaterThanOrEqual(count - apart);
  }
  expect(apart).toBeLessThan(20);
  expect(asked).toBeLessThanOrEqual(40);
}, 120_000);

test('a thousand reports cost at most 40 requests, append and fold together', async () => {
  const shop = await world();
  const messages = packed(1_000, random(3));
  const before = shop.requests;
  await appendErrors(shop.ports, messages);
  await fold(shop.ports, lane);
  expect(shop.requests - before).toBeLessThanOrEqual(40);
});

test('in whatever order and company messages come, the groups are the same', async () => {
  const messages = packed(60, random(11));
  const once = await world();
  await appendErrors(once.ports, messages);
  await fold(once.ports, lane);
  // Which versions were told of depends on what had come when a fold ran; that of the first version always is.
  const plain = (groups: ErrorGroup[]) =>
    groups
      .map(({ announced, sample, title, ...facts }) => {
        const told = facts.firstVersion === null || Object.hasOwn(announced, facts.firstVersion);
        return { ...facts, told };
      })
      .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  const expected = plain((await fold(once.ports, lane)).groups);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(5), fc.boolean()), { minLength: 1, maxLength: 20 }),
      fc.shuffledSubarray(messages, { minLength: 6, maxLength: 6 }),
      async (extra, order) => {
        const shop = await world();
        for (const [n, folds] of extra) {
          const one = messages[n];
          if (one !== undefined) await appendErrors(shop.ports, [one]);
          if (folds) await fold(shop.ports, lane);
        }
        await appendErrors(shop.ports, order);
        await fold(shop.ports, lane);
        expect(plain((await fold(shop.ports, lane)).groups)).toEqual(expected);
      },
    ),
    { numRuns: 40 },
  );
});

describe('a crash', () => {
  const messages = packed(40, random(5));
  const calls = async (): Promise<number> => {
    const shop = await world();
    await appendErrors(shop.ports, messages);
    await fold(shop.ports, lane);
    return shop.calls;
  };

  test.each(['before', 'after'] as const)(
    '%s any call of a port, then redelivery: exact, and every notice told',
    async (when) => {
      const undisturbed = await world();
      await appendErrors(undisturbed.ports, messages);
      const { groups } = await fold(undisturbed.ports, lane);
      for (let call = 1; call <= (await calls()); call += 1) {
        const shop = await world();
        shop.calls = 0;
        shop.blow = { call, when, as: () => new Crash() };
        const life = async (): Promise<void> => {
          await appendErrors(shop.ports, messages);
          await fold(shop.ports, lane);
        };
        await expect(life(), `call ${call}`).rejects.toThrow(Crash);
        shop.blow = null;
        await life();
        expect(totalOf((await fold(shop.ports, lane)).groups), `call ${call}`).toBe(totalOf(groups));
        const told = new Set(shop.published.map(({ id }) => id));
        expect(told, `call ${call}`).toEqual(new Set(undisturbed.published.map(({ id }) => id)));
        const before = shop.published.length;
        await fold(shop.ports, lane);
        expect(shop.published, `call ${call}`).toHaveLength(before);
      }
    },
  );
});

describe('a compaction by somebody else', () => {
  const messages = packed(200, random(13));
  const lateOf = (groups: ErrorGroup[]): number => groups.reduce((sum, { late }) => sum + late, 0);
  const minute = (n: number): Date => new Date(at('11:00:00').getTime() + n * 60_000);

  /** Hours after the reports came; `between` happens before each reading of what was counted, in the order they are made. */
  async function hoursLater(between: (shop: World, reading: number) => Promise<unknown>): Promise<World> {
    const shop = await world();
    await appendErrors(shop.ports, messages);
    shop.now = new Date(shop.now.getTime() + 4 * HOUR);
    let readings = 0;
    const sums = shop.errors.sums.bind(shop.errors);
    const deltas = shop.errors.deltas.bind(shop.errors);
    shop.errors.sums = async (of) => {
      await between(shop, ++readings);
      return sums(of);
    };
    shop.errors.deltas = async (of, from) => {
      await between(shop, ++readings);
      return deltas(of, from);
    };
    return shop;
  }

  test.each([1, 2, 3])(
    'before reading %i, of some minutes or all: nothing is counted twice, nothing is late',
    async (one) => {
      for (const minutes of [7, 30, 61]) {
        let compacted = 0;
        const shop = await hoursLater(async ({ errors }, reading) => {
          if (reading === one || reading === one + 1)
            compacted += (await errors.compact(lane, minute(minutes + reading))).deleted;
        });
        const { groups } = await fold(shop.ports, lane);
        expect({ total: totalOf(groups), late: lateOf(groups) }).toEqual({ total: reportsIn(messages), late: 0 });
        expect(compacted).toBeGreaterThan(0);
      }
    },
  );

  test('before every reading: the lane is left to the next fold, and what is written of it stays as it was', async () => {
    const undisturbed = await hoursLater(async () => undefined);
    const { groups: expected } = await fold(undisturbed.ports, lane);
    let readings = 0;
    let going = true;
    const shop = await hoursLater(async ({ errors }, reading) => {
      readings = reading;
      if (going) await errors.compact(lane, minute(reading * 4));
    });
    await expect(fold(shop.ports, lane)).rejects.toThrow(LostRace);
    expect(readings).toBe(11);
    expect(await shop.errors.groups(lane)).toEqual([]);
    expect(shop.published).toEqual([]);
    going = false;
    const { groups } = await fold(shop.ports, lane);
    expect(totalOf(groups)).toBe(totalOf(expected));
    expect(lateOf(groups)).toBe(0);
  });
});

describe('compaction', () => {
  test('after hours changes no count; what comes again after it is shown apart', async () => {
    const shop = await world();
    const messages = packed(200, random(2));
    await appendErrors(shop.ports, messages);
    const { groups: fresh } = await fold(shop.ports, lane);
    shop.now = new Date(shop.now.getTime() + 4 * HOUR);
    await fold(shop.ports, lane);
    expect(await shop.errors.deltas(lane, new Date(0))).toEqual([]);
    const { groups, written } = await fold(shop.ports, lane);
    expect(totalOf(groups)).toBe(totalOf(fresh));
    expect(written).toBeGreaterThan(0);
    expect((await fold(shop.ports, lane)).written).toBe(0);

    await appendErrors(shop.ports, messages.slice(0, 3));
    await appendErrors(shop.ports, messages.slice(0, 3));
    const after = (await fold(shop.ports, lane)).groups;
    expect(totalOf(after)).toBe(totalOf(fresh));
    expect(after.reduce((sum, { late }) => sum + late, 0)).toBe(reportsIn(messages.slice(0, 3)));
  });

  test('keeps first version, state and notices of a group, also of reports without a version', async () => {
    const shop = await world();
    await appendErrors(shop.ports, [
      message('m1', failing('pay', { occurredAt: at('11:15:00') }), failing('pay', { occurredAt: at('11:45:00') })),
    ]);
    const [fresh] = (await fold(shop.ports, lane)).groups;
    expect(fresh).toMatchObject({ firstVersion: '1.1', countByVersion: { '1.1': 1, '1.2': 1 } });
    const notices = shop.notices();
    shop.now = new Date(shop.now.getTime() + 4 * HOUR);
    for (let times = 0; times < 3; times += 1) await fold(shop.ports, lane);
    const [group] = (await fold(shop.ports, lane)).groups;
    expect(group).toMatchObject({ total: 2, firstVersion: '1.1', lastVersion: '1.2' });
    expect(shop.notices()).toEqual(notices);
  });

  test('waits until a quarter of an hour has come together', async () => {
    const shop = await world();
    await appendErrors(shop.ports, [message('m1', failing('pay', { occurredAt: at('12:00:00') }))]);
    const left = async (hours: number): Promise<number> => {
      shop.now = new Date(at('12:00:00').getTime() + hours * HOUR);
      await fold(shop.ports, lane);
      return (await shop.errors.deltas(lane, new Date(0))).length;
    };
    expect([await left(2.2), await left(2.3)]).toEqual([1, 0]);
  });

  test('leaves what a watched version is judged by: all since it may have been live, and the hour before', async () => {
    const shop = await world();
    const seen = ['08:55:00', '09:35:00', '10:39:00', '10:45:00'];
    await appendErrors(shop.ports, [
      message('m1', ...seen.map((time) => failing('pay', { occurredAt: at(time), version: '1.0' }))),
    ]);
    shop.now = new Date(at('12:00:00').getTime() + 20 * HOUR);
    const live = at('10:40:00');
    await shop.goesLive('2.0', live, { switchedBetween: { from: at('10:34:00'), to: live } });
    const left = async (watched: Date | null) => {
      await fold(shop.ports, lane, watched);
      return (await shop.errors.deltas(lane, new Date(0))).map(({ minute }) => minute);
    };
    expect(await left(live)).toEqual(seen.slice(1).map((time) => at(time)));
    expect(await left(null)).toEqual([]);
  });
});
