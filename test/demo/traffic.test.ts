import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { startTraffic, type Traffic } from '../../infra/local/demo/traffic.ts';

let server: Server;
let traffic: Traffic;
const sockets = new Set<Socket>();

async function trafficOn(answer: RequestListener, perSecond = 100): Promise<void> {
  server = createServer(answer);
  sockets.clear();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  traffic = startTraffic(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, perSecond);
}

afterEach(async () => {
  await traffic.stop();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const good: RequestListener = (request, response) => {
  response.setHeader('x-storefront-version', '1.0.0');
  response.end(request.url === '/' ? '<h1>Storefront</h1>' : '{"price":42}');
};

test('the rate is kept, half of it on kept connections, half on new ones', async () => {
  await trafficOn(good);
  const from = new Date();
  await sleep(1_000);
  const counted = await traffic.between(from, new Date());
  expect(counted.failed).toBe(0);
  expect(counted.perSecond).toBeGreaterThan(40);
  expect(Math.abs(counted.kept.served - counted.fresh.served)).toBeLessThanOrEqual(2);
  expect(counted.byVersion).toEqual({ '1.0.0': { served: counted.served, failed: 0 } });
  // One connection for each request of the other half, and a few that were kept.
  expect(sockets.size).toBeGreaterThanOrEqual(counted.fresh.served);
  expect(sockets.size).toBeLessThan(counted.fresh.served + 20);
});

test.each<{ what: string; answer: RequestListener; why: string | RegExp }>([
  {
    what: 'a status that is not 2xx',
    answer: (_, response) => response.writeHead(503).end('no'),
    why: 'status 503',
  },
  { what: 'another content', answer: (_, response) => response.end('hello'), why: '200, but not what was asked for' },
  { what: 'a connection that breaks', answer: (request) => request.socket.destroy(), why: 'ECONNRESET' },
  {
    what: 'an answer that breaks off',
    answer: (request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('Storefront "price":42');
      setTimeout(() => request.socket.destroy(), 20);
    },
    why: 'the answer broke off',
  },
])('$what is a failed request', async ({ answer, why }) => {
  await trafficOn(answer, 50);
  const from = new Date();
  await expect.poll(() => traffic.answered.length, { timeout: 20_000 }).toBeGreaterThan(5);
  const counted = await traffic.between(from, new Date());
  expect(counted.failed).toBeGreaterThan(5);
  expect(counted.served).toBe(0);
  expect(Object.keys(counted.whys)).toEqual([why]);
});

test('what is under way is waited for before it is counted', async () => {
  const held: (() => void)[] = [];
  let open = false;
  await trafficOn((request, response) => {
    if (open) good(request, response);
    else held.push(() => good(request, response));
  }, 40);
  const from = new Date();
  await expect.poll(() => held.length, { timeout: 20_000 }).toBeGreaterThan(4);
  const [to, begun] = [new Date(), held.length];
  expect(traffic.answered).toHaveLength(0);
  const counting = traffic.between(from, to);
  open = true;
  for (const answer of held) answer();
  const counted = await counting;
  expect(counted.served).toBeGreaterThanOrEqual(begun);
  expect(counted.failed).toBe(0);
});
