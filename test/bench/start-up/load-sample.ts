import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCore, supplyCore } from '../../../infra/local/functions-host/core-module.ts';
import type { CoreContext, RpcTypedData } from '../../../infra/local/functions-host/rpc.ts';

/** What one process found; times in milliseconds. */
export interface LoadSample {
  functions: number;
  /** `import()` of the app's main file. */
  loadMs: number;
  /** From handing over the first error report until the tables have it; null where none was asked for. */
  eventMs: number | null;
}

/** One message with one report, as the trigger gives it. */
const message = JSON.stringify({
  specversion: '1.0',
  type: 'io.warmswap.error.reported',
  source: '/bench/start-up',
  id: 'first',
  data: {
    app: 'bench0',
    environment: 'production',
    version: '1.0.0',
    occurredAt: new Date().toISOString(),
    level: 'error',
    exceptions: [{ type: 'TypeError', message: 'x is undefined', frames: [{ function: 'price', file: 'basket.js' }] }],
  },
});

/**
 * A process of its own for each sample, as a new worker is: `node load-sample.js <appDir> [event]`. Everything the measured code does not
 * need was loaded before the clock starts; the runtime's own module is supplied as the runtime supplies it.
 */
async function sample(appDir: string, event: boolean): Promise<LoadSample> {
  const core = createCore(() => undefined);
  supplyCore(core.exports);
  const main = pathToFileURL(join(appDir, 'main.js')).href;
  const began = performance.now();
  await import(main);
  const loaded = performance.now();
  core.endRegistration();
  const loadMs = loaded - began;
  if (!event) return { functions: core.functions.length, loadMs, eventMs: null };

  const fn = core.functions.find(({ metadata }) => metadata.name === 'errorReports');
  const model = core.model();
  if (fn === undefined || model === undefined) throw new Error(`${appDir} has no function error-reports`);
  const trigger = Object.entries(fn.metadata.bindings).find(([, { type }]) => type === 'serviceBusTrigger')?.[0] ?? '';
  const data: RpcTypedData = { collectionString: { string: [message] } };
  const context: CoreContext = {
    invocationId: 'bench',
    metadata: fn.metadata,
    request: {
      invocationId: 'bench',
      functionId: fn.metadata.functionId ?? fn.metadata.name,
      inputData: [{ name: trigger, data }],
      triggerMetadata: {},
    },
    log: () => undefined,
  };
  const handed = performance.now();
  const invocation = model.getInvocationModel(context);
  const { context: own, inputs } = await invocation.getArguments();
  await invocation.invokeFunction(own, inputs, fn.callback);
  return { functions: core.functions.length, loadMs, eventMs: performance.now() - handed };
}

const [appDir = '', event] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await sample(appDir, event === 'event'))}\n`, () => process.exit(0));
