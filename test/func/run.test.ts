import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../../infra/local/root.ts';
import { freePort } from '../functions/free-port.ts';
import { funcHost } from './func-host.ts';

const dir = mkdtempSync(join(tmpdir(), 'warmswap-func-test-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Ran {
  code: number | null;
  output: string;
}

/** `npm run test:func` without its build. What the tests around it tell one another does not reach the tests inside. */
function run(env: Record<string, string>, ...args: string[]): Promise<Ran> {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:VITEST|FUNC_|NODE_ENV$|TEST$)/.test(name));
  const child = spawn(process.execPath, [join(root, 'test/func/run.mjs'), ...args], {
    cwd: root,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

/** Takes the place of `func`: exactly its arguments, its local.settings.json and its signals; what runs the app is our own host. */
const standIn = `#!${process.execPath}
const { readFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const [command, option, port, ...more] = process.argv.slice(2);
if (command !== 'start' || option !== '--port' || !/^[0-9]+$/.test(port) || more.length > 0) process.exit(2);
const { IsEncrypted, Values } = JSON.parse(readFileSync('local.settings.json', 'utf8'));
if (IsEncrypted !== false || Values.FUNCTIONS_WORKER_RUNTIME !== 'node') process.exit(3);
const config = JSON.stringify({ appDir: process.cwd(), port: Number(port), env: Values });
const host = spawn(process.execPath, [${JSON.stringify(join(root, 'dist/local/functions-host.js'))}, config], {
  stdio: ['pipe', 'inherit', 'inherit'],
});
process.on('SIGINT', () => host.kill('SIGINT'));
host.once('exit', (code) => process.exit(code ?? 1));
`;

function executable(name: string, text: string): string {
  const file = join(dir, name);
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

test('without func nothing is run, in one sentence', async () => {
  expect(await run({ PATH: dir })).toEqual({ code: 0, output: 'func is not on the PATH: nothing was run\n' });
});

test('a FUNC_BIN that is none is an error', async () => {
  const FUNC_BIN = join(dir, 'nowhere');
  expect(await run({ FUNC_BIN })).toEqual({ code: 1, output: `FUNC_BIN: ${FUNC_BIN} is no program that can be run\n` });
});

/** Only the plumbing: how the real runtime takes the package, nothing but the real runtime can show. */
test('with a stand-in for func on the PATH the scenarios run on it', { timeout: 180_000 }, async () => {
  executable('func', standIn);
  const { code, output } = await run({ PATH: `${dir}:${process.env.PATH}` }, '-t', 'bad input');
  expect(output).toMatch(/1 passed/);
  expect(code).toBe(0);
});

test('a func that ends before it answers is an error', async () => {
  const func = executable('broken-func', '#!/bin/sh\nexit 5\n');
  const config = { port: await freePort(), env: {} };
  const starting = funcHost(func, join(root, 'dist/app'))(config, { env: {}, logDir: dir }, () => undefined);
  await expect(starting).rejects.toThrow('func ended with 5 before it answered');
});
