import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../shared/correlation/fingerprint.ts';
import type { ErrorReport } from '../../shared/correlation/words.ts';
import type { AppName } from '../../shared/lane/words.ts';
import { Unavailable } from '../../shared/ports.ts';
import { appendErrors } from '../../shared/use-cases/append-errors.ts';
import { fold } from '../../shared/use-cases/fold.ts';
import { decodeErrorMessage } from '../../shared/wire/errors/warmswap.ts';
import { at } from '../correlation/error-report.ts';
import { failing, lane, message, World } from './errors-world.ts';

const stored = (world: World) => world.errors.deltas(lane, new Date(0));
const everything = async (world: World): Promise<number> =>
  (await fold(world.ports, lane)).groups.reduce((sum, { total }) => sum + total, 0);

describe('a batch of messages', () => {
  test('is one append, with equal reports of a message in one row', async () => {
    const world = new World();
    const early = failing('pay', { occurredAt: at('11:59:10'), count: 3 });
    const late = failing('pay', { occurredAt: at('11:59:50') });
    const appended = await appendErrors(world.ports, [
      message('m1', late, early),
      message('m2', early, failing('cart')),
    ]);
    expect(appended).toEqual({ messages: 2, reports: 4, deltas: 3, deadLetters: 0 });
    expect(world.calls).toBe(1);
    expect((await stored(world)).find(({ count }) => count === 4)).toMatchObject({
      minute: at('11:59:00'),
      firstAt: at('11:59:10'),
      lastAt: at('11:59:50'),
      version: null,
    });
  });

  test('delivered again, regrouped, or with a message in it twice, counts once', async () => {
    const world = new World();
    const [one, two] = [message('m1', failing('pay'), failing('pay')), message('m2', failing('pay', { count: 10 }))];
    await appendErrors(world.ports, [one, two, one]);
    await appendErrors(world.ports, [two]);
    await appendErrors(world.ports, [two, one]);
    expect(await everything(world)).toBe(12);
  });

  test('of which the same id came from another source counts both', async () => {
    const world = new World();
    const one = message('m1', failing('pay'));
    await appendErrors(world.ports, [one, { ...one, event: { source: '/other', id: 'm1' } }]);
    expect(await everything(world)).toBe(2);
  });

  test('that is empty asks nobody', async () => {
    const world = new World();
    expect(await appendErrors(world.ports, [])).toMatchObject({ deltas: 0 });
    expect(world.calls).toBe(0);
  });
});

describe('what cannot be counted becomes a dead letter, and the rest is counted', () => {
  const elsewhere = failing('pay', { app: 'nowhere' as AppName });
  test.each<[string, ErrorReport, string]>([
    ['an unknown app', elsewhere, 'unknown app or environment: nowhere@production'],
    [
      'the far future',
      failing('pay', { occurredAt: at('12:00:01', '2026-03-02') }),
      'occurredAt is more than a day ahead',
    ],
    ['long ago', failing('pay', { occurredAt: at('11:59:59', '2026-01-30') }), 'occurredAt is more than 30 days ago'],
    ['no instant', failing('pay', { occurredAt: new Date(Number.NaN) }), 'occurredAt is no instant'],
  ])('%s', async (_, bad, reason) => {
    const world = new World();
    const appended = await appendErrors(world.ports, [message('m1', failing('cart'), bad, failing('cart'))]);
    expect(appended).toMatchObject({ deadLetters: 1, deltas: 1 });
    expect([...world.letters.values()]).toMatchObject([{ source: 'error-reports', reason, truncated: false }]);
    expect(world.published.map(({ type }) => type)).toEqual(['io.warmswap.dead-letter.stored']);
    expect(await everything(world)).toBe(2);
  });

  test.each([
    ['a day ahead', at('12:00:00', '2026-03-02')],
    ['30 days ago', at('12:00:00', '2026-01-30')],
  ])('%s is still counted', async (_, occurredAt) => {
    const world = new World();
    expect(await appendErrors(world.ports, [message('m1', failing('pay', { occurredAt }))])).toMatchObject({
      deadLetters: 0,
    });
  });

  test('many of one message are one letter, and redelivery stores no other', async () => {
    const world = new World();
    const packed = message('m1', elsewhere, elsewhere, failing('cart', { app: 'nowhere' as AppName }));
    await appendErrors(world.ports, [packed]);
    await appendErrors(world.ports, [packed]);
    expect(world.letters.size).toBe(1);
  });

  test('sent again once the app is known, they are counted beside the others of their message, once', async () => {
    const world = new World();
    const bad = failing('pay', { app: 'nowhere' as AppName });
    await appendErrors(world.ports, [message('m1', failing('pay'), bad, bad)]);
    const [letter] = world.letters.values();
    const again = decodeErrorMessage(letter?.raw).map((one) => {
      if (!one.ok) throw new Error(one.why);
      const { event, reports } = one.value;
      return { event, reports: reports.map((report) => ({ ...report, app: 'storefront' as AppName })) };
    });
    expect(again.map(({ reports }) => reports.length)).toEqual([2]);
    await appendErrors(world.ports, again);
    await appendErrors(world.ports, again);
    expect(await everything(world)).toBe(3);
  });

  test('a topic that is down keeps nothing from being stored', async () => {
    const world = new World();
    world.topicIsDown = true;
    await appendErrors(world.ports, [message('m1', elsewhere)]);
    expect(world.letters.size).toBe(1);
  });
});

test('storage that is down throws, and the redelivery counts once', async () => {
  const world = new World();
  const batch = [message('m1', failing('pay'), failing('pay', { app: 'nowhere' as AppName }))];
  for (const [call, when] of [
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
  ] as const) {
    world.calls = 0;
    world.blow = { call, when, as: () => new Unavailable('the tables are down') };
    await expect(appendErrors(world.ports, batch)).rejects.toThrow(Unavailable);
  }
  world.blow = null;
  await appendErrors(world.ports, batch);
  expect(await everything(world)).toBe(1);
  expect(world.letters.size).toBe(1);
});

test('what is stored is small and holds no secret', async () => {
  const world = new World();
  const long = 'é'.repeat(5_000);
  const frames = Array.from({ length: 80 }, (_, n) => ({
    function: `${long}${n}`,
    file: `/srv/${long}.js`,
    module: long,
  }));
  const secret = failing('pay', {
    exceptions: [
      {
        type: 'Error',
        message: `no login for ada@example.com, password=hunter2, Bearer abcdefgh12345 ${long}`,
        frames,
      },
    ],
    request: { method: 'GET', url: 'https://u:p@shop.example/pay?card=4111111111111111#x' },
    user: { id: 'ada' },
  });
  await appendErrors(world.ports, [message('m1', secret)]);
  const [delta] = await stored(world);
  const text = JSON.stringify(delta?.sample);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096);
  expect(delta?.sample.frames.length).toBeLessThanOrEqual(15);
  expect(text).not.toMatch(/ada|hunter2|abcdefgh|4111|u:p/);
  expect(delta?.sample.request?.url).toBe('https://shop.example/pay');
  expect(delta?.fingerprint).toBe(fingerprintOf(secret));
});
