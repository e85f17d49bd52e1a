import { afterAll, describe, expect, test } from 'vitest';
import { parseSchedule } from '../../../infra/local/functions-host/schedule.ts';
import { closeHosts, eventually, startHost } from './fixture-app.ts';

afterAll(closeHosts);

describe('NCRONTAB', () => {
  test.each([
    ['*/15 * * * * *', '2026-03-01T10:00:07Z', '2026-03-01T10:00:15.000Z'],
    ['0 */5 * * * *', '2026-03-01T10:02:00Z', '2026-03-01T10:05:00.000Z'],
    ['*/5 * * * *', '2026-03-01T10:02:00Z', '2026-03-01T10:05:00.000Z'],
    ['0 30 2 * * *', '2026-03-01T10:00:00Z', '2026-03-02T02:30:00.000Z'],
    ['0 0 0 * * 1', '2026-03-01T10:00:00Z', '2026-03-02T00:00:00.000Z'],
    ['0 0 9 * * 6,0', '2026-03-02T10:00:00Z', '2026-03-07T09:00:00.000Z'],
    // Both must fit: the 13th that is a Friday, not every 13th and every Friday.
    ['0 0 0 13 * 5', '2026-04-01T00:00:00Z', '2026-11-13T00:00:00.000Z'],
    ['00:00:10', '2026-03-01T10:00:07Z', '2026-03-01T10:00:17.000Z'],
    ['0 0 0 29 2 *', '2026-03-01T10:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('%s after %s is %s', (text, after, due) => {
    expect(parseSchedule(text).next(new Date(after)).toISOString()).toBe(due);
  });

  test.each(['', '* * *', '60 * * * * *', '* * * * * * *', 'x * * * * *', '00:00:00'])('%j is refused', (text) => {
    expect(() => parseSchedule(text)).toThrow();
  });
});

const ticking = `
let running = 0, runs = 0;
app.timer('tick', { schedule: '* * * * * *', handler: async (timer, context) => {
  running += 1; runs += 1;
  context.log(JSON.stringify({ running, runs, at: Date.now(), timer }));
  await new Promise((r) => setTimeout(r, 1100));
  running -= 1;
  if (runs === 1) throw new Error('the first fails');
} });
app.timer('start', { schedule: '0 0 0 1 1 *', runOnStartup: true, handler: async (timer, context) => context.log('{"started":true}') });`;

test('a timer runs by its schedule, never twice at once, and goes on after a failure', async () => {
  const host = await startHost(ticking);
  await eventually(() => host.said().filter((one) => one.runs).length >= 2 && true, 25_000);
  expect(host.said()).toContainEqual({ started: true });
  const ticks = host.said().filter((one) => one.runs);
  expect(ticks.map((one) => one.running)).toEqual(ticks.map(() => 1));
  expect(Number(ticks[1]?.at) - Number(ticks[0]?.at)).toBeGreaterThan(1_100);
  expect(ticks[0]?.timer).toMatchObject({
    isPastDue: false,
    scheduleStatus: { last: expect.any(String), next: expect.any(String), lastUpdated: expect.any(String) },
  });
  await host.close();
});

test('timers: false leaves them to be run by hand', async () => {
  const host = await startHost(ticking, {}, { timers: false });
  const run = await fetch(`${host.service}/admin/functions/START`, { method: 'POST', body: '{"input":""}' });
  expect(run.status).toBe(202);
  await eventually(() => host.said().length === 1);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(host.said()).toEqual([{ started: true }]);
});

test('the host names its functions and says when there is none of a name', async () => {
  const host = await startHost(ticking, {}, { timers: false, env: { 'AzureWebJobs.tick.Disabled': '1' } });
  const get = async (path: string): Promise<unknown> => (await fetch(`${host.service}${path}`)).json();
  expect(await get('/admin/functions')).toEqual([
    { name: 'tick', kind: 'timer', disabled: true },
    { name: 'start', kind: 'timer', disabled: false },
  ]);
  expect(await get('/admin/host/status')).toEqual({ state: 'Running' });
  expect((await fetch(`${host.service}/admin/functions/none`, { method: 'POST' })).status).toBe(404);
});
