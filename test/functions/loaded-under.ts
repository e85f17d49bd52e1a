import type { InvocationContext } from '@azure/functions';
import { createCore, supplyCore } from '../../infra/local/functions-host/core-module.ts';
import { loadApp } from '../../infra/local/functions-host/load-app.ts';

/** What a process said that loaded the app under one environment, and was then given another. */
export interface LoadedUnder {
  /** Names of the functions it registered. */
  names: string[];
  /** Variables of the environment that were read while it was loaded. */
  readAtImport: string[];
  /** /healthz under the environment it was loaded with, and after it was replaced. */
  health: { status: number; body: string };
  healthAfter: { status: number; body: string } | null;
  /** What a function logged, and what else was printed is in the process's output. */
  log: string[];
}

/** `node loaded-under.mjs <appDir> [environment as JSON]`: the environment of the process is the first one. */
const [appDir = '', after] = process.argv.slice(2);
const log: string[] = [];
const readAtImport = new Set<string>();

const environment = process.env;
process.env = new Proxy(environment, {
  get(target, name) {
    readAtImport.add(String(name));
    return Reflect.get(target, name) as unknown;
  },
  ownKeys(target) {
    readAtImport.add('(all)');
    return Reflect.ownKeys(target);
  },
});
const core = createCore((level, _category, message) => {
  if (level === 'warning' || level === 'error') log.push(message);
});
supplyCore(core.exports);
await loadApp(appDir);
core.endRegistration();
process.env = environment;

const context = { invocationId: 'one', log: (text: string) => log.push(text), error: (text: string) => log.push(text) };
const request = Object.assign(new Request('http://127.0.0.1/healthz'), { params: {}, query: new URLSearchParams() });
async function health(): Promise<{ status: number; body: string }> {
  const found = core.functions.find(({ metadata }) => metadata.name === 'healthz');
  const handler = found?.callback as unknown as (asked: unknown, context: InvocationContext) => Promise<unknown>;
  return (await handler(request, context as unknown as InvocationContext)) as { status: number; body: string };
}

const first = await health();
if (after !== undefined) {
  // As the worker does it when it is given its app: FunctionEnvironmentReloadHandler.ts of the runtime's Node worker.
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, JSON.parse(after));
}
const said: LoadedUnder = {
  names: core.functions.map(({ metadata }) => metadata.name),
  readAtImport: [...readAtImport],
  health: first,
  healthAfter: after === undefined ? null : await health(),
  log,
};
process.stdout.write(`\n${JSON.stringify(said)}\n`, () => process.exit(0));
