import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Polled } from '../../../shared/lane/effect.ts';
import type { Sent } from '../../../shared/ports.ts';
import { Unavailable } from '../../../shared/ports.ts';
import { until } from '../../local/app-service/local-azure.ts';
import {
  DEADLINE_MS,
  freshIntent,
  receivedUnder,
  type SiteWorld,
  SWAPS,
  site,
  siteWorld,
  versionFrom,
} from './world.ts';

let world: SiteWorld;
beforeAll(async () => {
  world = await siteWorld();
});
afterAll(() => world.azure.end());
afterEach(async () => {
  await world.azure.control('DELETE', 'faults');
  await until(async () => (await looking()).operation === null);
});

const looking = () => world.port.look(site, { versionFrom, intent: null, freshConnections: 1 });
const tokenOf = (sent: Sent): string => {
  if (sent.end !== 'done' || sent.value.token === null) throw new Error(`no token: ${JSON.stringify(sent)}`);
  return sent.value.token;
};
const polledToEnd = (token: string): Promise<Polled> =>
  until(async () => {
    const polled = await world.port.pollSwap(site, token);
    return polled.state === 'running' ? undefined : polled;
  });

test('a swap is accepted, polled by its token to its end, and moves both identities and the stamp', async () => {
  const before = await looking();
  const intent = freshIntent();
  const sent = await world.port.sendSwap(site, intent, DEADLINE_MS);
  expect(sent).toEqual({ end: 'done', value: { token: expect.any(String), complete: false } });
  expect(await world.port.pollSwap(site, tokenOf(sent))).toEqual({ state: 'running' });
  expect(await polledToEnd(tokenOf(sent))).toMatchObject({ state: 'ended', well: true });
  // The same good token tells the same again: it is never replaced.
  expect(await world.port.pollSwap(site, tokenOf(sent))).toMatchObject({ state: 'ended', well: true });
  const after = await looking();
  expect(after.production.identity).toEqual(before.staging.identity);
  expect(after.staging.identity).toEqual(before.production.identity);
  expect(after.stamp).not.toBe(before.stamp);
  expect(after.freshAnswers).toEqual([before.staging.identity.version]);
  expect(await receivedUnder(world, intent)).toMatchObject([{ method: 'POST', status: 202, applied: true }]);
});

test('409 is a definite refusal with its reason, and was sent once', async () => {
  const intent = freshIntent();
  await world.azure.control('POST', 'faults', { match: SWAPS, fault: 'refuse-409' });
  const sent = await world.port.sendSwap(site, intent, DEADLINE_MS);
  expect(sent).toEqual({ end: 'refused', because: expect.stringContaining('another operation is in progress') });
  expect(await receivedUnder(world, intent)).toHaveLength(1);
});

test('429 is a refusal that says until when', async () => {
  const headers = { 'retry-after': '20' };
  await world.azure.control('POST', 'faults', { match: SWAPS, fault: 'status', status: 429, headers });
  const sent = await world.port.sendSwap(site, freshIntent(), DEADLINE_MS);
  expect(sent).toMatchObject({ end: 'refused', retryAt: expect.any(Date) });
});

test.each([
  { what: '500', fault: { fault: 'status', status: 500, body: '' } },
  { what: '408', fault: { fault: 'status', status: 408 } },
  { what: 'a connection that breaks before', fault: { fault: 'reset-before' } },
  { what: 'silence', fault: { fault: 'hang' } },
])('$what leaves the outcome unknown, and nothing is sent again', async ({ fault }) => {
  const intent = freshIntent();
  await world.azure.control('POST', 'faults', { match: SWAPS, ...fault });
  expect(await world.port.sendSwap(site, intent, 500)).toMatchObject({ end: 'unknown' });
  expect(await receivedUnder(world, intent)).toHaveLength(1);
});

test('done but the answer lost is unknown, and happened once', async () => {
  const before = await looking();
  const intent = freshIntent();
  await world.azure.control('POST', 'faults', { match: SWAPS, fault: 'reset-after' });
  expect(await world.port.sendSwap(site, intent, DEADLINE_MS)).toMatchObject({ end: 'unknown' });
  const after = await until(async () => {
    const look = await looking();
    return look.stamp === before.stamp ? undefined : look;
  });
  expect(after.production.identity).toEqual(before.staging.identity);
  expect(await receivedUnder(world, intent)).toHaveLength(1);
});

test('202 without a Location is accepted, not over, and cannot be polled', async () => {
  await world.azure.control('POST', 'faults', { match: SWAPS, fault: 'no-location' });
  const sent = await world.port.sendSwap(site, freshIntent(), DEADLINE_MS);
  expect(sent).toEqual({ end: 'done', value: { token: null, complete: false } });
});

test('a swap that fails after acceptance is polled as ended badly, with the reason', async () => {
  const before = await looking();
  await world.azure.control('POST', 'faults', { fault: 'swap-fails-after-acceptance', site: site.name });
  const sent = await world.port.sendSwap(site, freshIntent(), DEADLINE_MS);
  const ended = await polledToEnd(tokenOf(sent));
  expect(ended).toMatchObject({ state: 'ended', well: false });
  if (ended.state === 'ended') expect(ended.because).toMatch(/did not respond|timed out|warm/i);
  const after = await looking();
  expect(after.production.identity).toEqual(before.production.identity);
});

test('a poll: once 404 is asked again, twice is lost, an ARM that is away is unavailable', async () => {
  const polls = { method: 'GET', path: '/operationresults/' };
  const token = tokenOf(await world.port.sendSwap(site, freshIntent(), DEADLINE_MS));
  await world.azure.control('POST', 'faults', { match: polls, fault: 'status', status: 404 });
  expect((await world.port.pollSwap(site, token)).state).not.toBe('lost');
  await world.azure.control('POST', 'faults', { match: { ...polls, times: 2 }, fault: 'status', status: 404 });
  expect((await world.port.pollSwap(site, token)).state).toBe('lost');
  await world.azure.control('POST', 'faults', { match: { ...polls, times: 10 }, fault: 'reset-before' });
  await expect(world.port.pollSwap(site, token)).rejects.toBeInstanceOf(Unavailable);
  await world.azure.control('DELETE', 'faults');
  expect(await world.port.pollSwap(site, 'no token')).toMatchObject({ state: 'lost' });
  expect(await polledToEnd(token)).toMatchObject({ state: 'ended', well: true });
});
