import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readShipOptions } from '../../infra/local/ship/arguments.ts';
import { findRunning } from '../../infra/local/ship/running.ts';

describe('the command line', () => {
  const defaults = { dataDir: '/data' };

  test('a version is enough', () => {
    expect(readShipOptions(['1.0.0'], defaults)).toEqual({ version: '1.0.0', flaw: 'none', dataDir: '/data' });
  });

  test('flaw and data folder can be named', () => {
    expect(readShipOptions(['1.0.0', '--flaw', 'throws', '--data', '/other'], defaults)).toEqual({
      version: '1.0.0',
      flaw: 'throws',
      dataDir: '/other',
    });
  });

  test.each([
    { args: [], says: /no version is named; usage: npm run ship/ },
    { args: ['1.0.0', '1.1.0'], says: /one version at a time, not also 1\.1\.0/ },
    { args: [' '], says: /the version must be 1–200 characters/ },
    { args: ['x'.repeat(201)], says: /the version must be 1–200 characters/ },
    { args: ['1.0.0', '--flaw', 'slow'], says: /--flaw must be one of none, throws, production-setting, not slow/ },
    { args: ['1.0.0', '--flow', 'throws'], says: /'--flow'.*usage: npm run ship/s },
  ])('$args is refused in one sentence', ({ args, says }) => {
    expect(() => readShipOptions(args, defaults)).toThrow(says);
  });
});

describe('the stack that runs', () => {
  const dir = mkdtempSync(join(tmpdir(), 'warmswap-ship-'));
  const file = join(dir, 'addresses.json');
  const addresses = (service: string): string =>
    JSON.stringify({ service, serviceBus: 'Endpoint=sb://127.0.0.1', storage: 'x', sites: {} });
  afterAll(() => rmSync(dir, { recursive: true }));

  test('there is none where nothing was started', async () => {
    await expect(findRunning(join(dir, 'none'))).rejects.toThrow(/nothing runs on .*none; start it with: npm start/);
  });

  test.each(['{"service":', '[]', 'null', '{"service":"http://127.0.0.1:1"}'])(
    '%s is no file of addresses',
    async (text) => {
      writeFileSync(file, text);
      await expect(findRunning(dir)).rejects.toThrow(/addresses\.json cannot be read/);
    },
  );

  test('it is found where it answers, and missed where it no longer does', async () => {
    const server = createServer((_, response) => response.end('ok'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const service = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFileSync(file, addresses(service));
    await expect(findRunning(dir)).resolves.toMatchObject({ service });
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await expect(findRunning(dir)).rejects.toThrow(`the service does not answer at ${service}`);
  });
});
