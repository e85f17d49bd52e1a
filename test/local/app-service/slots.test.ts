import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startArguments } from '../../../infra/local/app-service/slots/package.ts';
import { Runner } from '../../../infra/local/app-service/slots/runner.ts';
import { underStickyOf } from '../../../infra/local/app-service/slots/settings.ts';
import { warmUp } from '../../../infra/local/app-service/slots/warm-up.ts';

const dir = mkdtempSync(join(tmpdir(), 'slots-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.each([
  {
    what: 'what moves and what stays',
    content: { FLAG: 'new', MODE: 'test' },
    slot: { FLAG: 'old', MODE: 'live' },
    is: { FLAG: 'new', MODE: 'live' },
  },
  { what: 'a sticky value missing on one side', content: { MODE: 'test' }, slot: {}, is: {} },
  {
    what: 'a setting only the content has',
    content: { EXTRA: 'x' },
    slot: { MODE: 'live' },
    is: { EXTRA: 'x', MODE: 'live' },
  },
])('settings of content in a slot: $what', ({ content, slot, is }) => {
  expect(underStickyOf(content as Record<string, string>, slot as Record<string, string>, ['MODE'])).toEqual(is);
});

describe('what is started', () => {
  test.each([
    {
      files: { 'package.json': '{"scripts":{"start":"node --enable-source-maps dist/main.js -v"}}' },
      args: ['--enable-source-maps', 'dist/main.js', '-v'],
    },
    { files: { 'package.json': '{"main":"lib.js"}', 'lib.js': '' }, args: ['lib.js'] },
    {
      files: { 'package.json': '{"main":"gone.js","scripts":{"start":"next start"}}', 'index.js': '' },
      args: ['index.js'],
    },
    { files: { 'package.json': 'broken', 'server.js': '' }, args: ['server.js'] },
    { files: { 'readme.txt': '' }, args: undefined },
  ])('of $files: $args', ({ files, args }) => {
    const folder = mkdtempSync(join(dir, 'app-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text ?? '');
    expect(startArguments(folder)).toEqual(args);
  });
});

describe('warm-up', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  const serving = async (statuses: (number | 'silence')[]) => {
    const asked: string[] = [];
    server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers['user-agent']}`);
      const status = statuses[asked.length - 1];
      if (typeof status === 'number') response.writeHead(status).end();
    });
    await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
    return { asked, worker: { port: (server.address() as AddressInfo).port, hasEnded: false } };
  };
  const PATH = 'WEBSITE_SWAP_WARMUP_PING_PATH';
  const GOOD = 'WEBSITE_SWAP_WARMUP_PING_STATUSES';

  test.each([
    { what: 'without settings any status will do', settings: {}, statuses: [500], warm: true, asked: 1 },
    { what: 'a listed status', settings: { [GOOD]: '200, 204' }, statuses: [204], warm: true, asked: 1 },
    {
      what: 'another status ends it at once',
      settings: { [GOOD]: '200' },
      statuses: [503, 200],
      warm: false,
      asked: 1,
    },
    {
      what: 'silence is tried again',
      settings: { [GOOD]: '200' },
      statuses: ['silence', 'silence', 200],
      warm: true,
      asked: 3,
    },
    { what: 'silence five times is the end', settings: {}, statuses: Array(9).fill('silence'), warm: false, asked: 5 },
  ] as const)('$what', async ({ settings, statuses, warm, asked }) => {
    const served = await serving([...statuses]);
    expect(await warmUp(served.worker, settings, '127.0.0.1', 60)).toBe(warm);
    expect(served.asked).toHaveLength(asked);
  });

  test('the path is asked for as it is set, with or without its slash', async () => {
    const served = await serving([200, 200]);
    for (const path of ['/healthz?deep=1', 'ready']) await warmUp(served.worker, { [PATH]: path }, '127.0.0.1', 60);
    expect(served.asked).toEqual(['/healthz?deep=1 SiteWarmup', '/ready SiteWarmup']);
  });
});

describe('a runner', () => {
  const specOf = (name: string, code: string, env: Record<string, string> = {}) => {
    const folder = join(dir, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'server.js'), code);
    return { folder, env, logFile: join(dir, 'logs', `${name}.log`), startLimitMs: 400 };
  };
  const good = "require('node:http').createServer((_, r) => r.end()).listen(process.env.PORT)";

  test('an order that comes while another is still carried out wins', async () => {
    const runner = new Runner(50);
    const both = [runner.serve(specOf('first', good)), runner.serve(specOf('second', good))];
    expect(await Promise.all(both)).toEqual(['superseded', 'up']);
    expect(runner.worker?.hasEnded).toBe(false);
    await runner.stop();
    expect(runner.worker).toBeUndefined();
    expect(await runner.serve(specOf('third', good))).toBe('superseded');
  });

  test('a process that never listens, and one whose settings cannot be an environment, count as failed', async () => {
    const runner = new Runner(10_000);
    expect(await runner.serve(specOf('silent', 'setInterval(() => {}, 1000)'))).toBe('failed');
    expect(await runner.serve(specOf('impossible', good, { NAME: 'a\0b' }))).toBe('failed');
    expect(runner.worker).toBeUndefined();
    expect(runner.isEmpty).toBe(false);
    await runner.stop();
  });

  test('nothing to run is up, and empty', async () => {
    const runner = new Runner(50);
    expect(await runner.serve(undefined)).toBe('up');
    expect(runner.isEmpty).toBe(true);
    await runner.stop();
  });
});
