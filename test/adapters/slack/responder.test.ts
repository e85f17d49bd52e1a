import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { networkOf } from '../../../shared/adapters/http/public-network.ts';
import { responder } from '../../../shared/adapters/slack/responder.ts';
import { Unavailable } from '../../../shared/ports.ts';
import { LOOPBACK } from '../loopback.ts';

let address: string;
let status: number;
let taken: unknown[];
let server: Server;
beforeAll(async () => {
  taken = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    taken.push({ body: JSON.parse(body), authorization: request.headers.authorization });
    response.writeHead(status, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/respond`;
});
afterAll(() => server.close());

const message = { text: 'no', blocks: [] };

test('tells the asker alone, without a token', async () => {
  status = 200;
  expect(await responder(networkOf(LOOPBACK)).respond(address, message)).toEqual({ posted: true });
  expect(taken.at(-1)).toEqual({
    body: { response_type: 'ephemeral', replace_original: false, text: 'no', blocks: [] },
    authorization: undefined,
  });
});

test('an address that went stale is a value', async () => {
  status = 404;
  expect(await responder(networkOf(LOOPBACK)).respond(address, message)).toEqual({
    posted: false,
    because: 'Slack answers 404',
  });
});

test('a redirection is followed nowhere', async () => {
  status = 302;
  const before = taken.length;
  expect(await responder(networkOf(LOOPBACK)).respond(address, message)).toMatchObject({ posted: false });
  expect(taken).toHaveLength(before + 1);
});

test.each([429, 503])('%i is unavailable', async (answered) => {
  status = answered;
  await expect(responder(networkOf(LOOPBACK)).respond(address, message)).rejects.toBeInstanceOf(Unavailable);
});

test('so is a connection that cannot be made', async () => {
  await expect(responder(networkOf(LOOPBACK)).respond('http://127.0.0.1:1/respond', message)).rejects.toBeInstanceOf(
    Unavailable,
  );
});
