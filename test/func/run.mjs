/**
 * `npm run test:func`: the main scenarios on the real Functions runtime, where Azure Functions Core Tools are installed (`func` on the PATH,
 * or FUNC_BIN); everything around it is the local Azure. Without them nothing is run, and said so: the tools are not a package of ours. At
 * its first start `func` downloads the extension bundle that host.json names, for which it needs the internet.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const { FUNC_BIN } = process.env;
const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'func'));
const func = FUNC_BIN ?? onPath.find(isExecutable);

if (func === undefined) {
  console.log('func is not on the PATH: nothing was run');
} else if (!isExecutable(func)) {
  console.error(`FUNC_BIN: ${func} is no program that can be run`);
  process.exitCode = 1;
} else {
  const out = mkdtempSync(join(tmpdir(), 'warmswap-func-'));
  try {
    const run = (script, args, env = process.env) =>
      spawnSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit', env }).status ?? 1;
    const env = { ...process.env, FUNC_BIN: func, FUNC_APP: join(out, 'package') };
    const config = ['run', '--config', 'test/func/vitest.config.ts', ...process.argv.slice(2)];
    process.exitCode =
      run('infra/package/package.mjs', ['--out', out]) || run('node_modules/vitest/vitest.mjs', config, env);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
