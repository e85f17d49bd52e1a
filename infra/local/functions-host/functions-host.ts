import { Agent } from 'node:http';
import { resolve } from 'node:path';
import type { RunningPart } from '../part.ts';
import { answerAdmin } from './admin.ts';
import { appSettings } from './app-settings.ts';
import { type Core, createCore, supplyCore } from './core-module.ts';
import { type HostJson, readHostJson } from './host-json.ts';
import { createLog, type Log } from './host-log.ts';
import { answerBuffered } from './http-buffered.ts';
import { openHttpFront } from './http-front.ts';
import { answerStreaming, type StreamProxy, startModel } from './http-streaming.ts';
import { type HttpFunction, type IndexedFunction, indexFunctions, type TimerFunction } from './indexing.ts';
import { createInvocations, type Invocations } from './invocations.ts';
import { loadApp } from './load-app.ts';
import type { ProgrammingModel } from './rpc.ts';
import { startListeners } from './service-bus-listeners.ts';
import { startTimer } from './timers.ts';

export interface FunctionsHostConfig {
  /** Folder of the built app: `package.json` with `main`, and `host.json`. */
  appDir: string;
  /** 0 = a free port. */
  port: number;
  /** App settings; they are the app's environment. */
  env: Record<string, string>;
  /** false: no timer runs by its schedule, only by hand. */
  timers?: boolean;
  /** How long a streamed request may be without any sign of the handler; the real host has 240 seconds. */
  httpInactivitySeconds?: number;
  /**
   * What a function over `functionTimeout` does. The real host ends the worker and starts another, so its code stops: here
   * the process ends with exit code 75 and whoever started it starts it again. false: only the message is abandoned.
   */
  timeoutEndsProcess?: boolean;
  /** Receives each line of output instead of stdout; for hosts inside a test's process. */
  write?: (line: string) => void;
}

export interface FunctionsHostAddresses {
  service: string;
}

const defaultBodyLimit = 104_857_600;
const settleBeforeExitMs = 500;
const finishMs = 10_000;
/** What is left to send once no function runs; a request whose handler threw would wait for its inactivity limit. */
const lastAnswersMs = 1_000;

/**
 * Starts a host for one built app on the Node v4 programming model: HTTP, timers and Service Bus triggers.
 * @throws one sentence for each thing that is wrong with the app, its host.json or its settings
 */
export async function startFunctionsHost(config: FunctionsHostConfig): Promise<RunningPart<FunctionsHostAddresses>> {
  const appDir = resolve(config.appDir);
  const { hostJson, faults } = await readHostJson(appDir);
  const log = createLog(config.write ?? ((line) => process.stdout.write(`${line}\n`)), hostJson.logLevel);
  const restoreEnv = setEnvironment(config.env);
  const core = createCore((level, _category, message) => log({ level, message }));
  const withdrawCore = supplyCore(core.exports);
  let proxy: StreamProxy | undefined;
  try {
    const model = await load(core, appDir);
    const settings = appSettings(process.env);
    const indexed = indexFunctions(core.functions, { settings, hostJson });
    refuse(appDir, [...faults, ...indexed.faults]);
    core.endRegistration();
    proxy = await startModel(model);
    const appHookData = {};
    await core.hooks.run('appStart', { hookData: appHookData, appHookData });
    const invocations = createInvocations({
      core,
      model,
      log,
      functionTimeoutMs: hostJson.functionTimeoutMs,
      appHookData,
      onTimeout: (name) => endProcessAfterTimeout(config, log, name),
    });
    return await open(
      config,
      { core, hostJson, log, invocations, proxy, appHookData, functions: indexed.functions },
      () => {
        withdrawCore();
        restoreEnv();
      },
    );
  } catch (error) {
    proxy?.close();
    withdrawCore();
    restoreEnv();
    throw error;
  }
}

/** Imports the app and gives back the library's model, which registers itself with the first function. */
async function load(core: Core, appDir: string): Promise<ProgrammingModel> {
  await loadApp(appDir);
  const model = core.model();
  if (core.functions.length === 0 || !model) {
    throw new Error(`0 functions found: the app in ${appDir} registered none while it was loaded`);
  }
  return model;
}

function refuse(appDir: string, faults: string[]): void {
  if (faults.length > 0) throw new Error(`the app in ${appDir} cannot start:\n- ${faults.join('\n- ')}`);
}

interface Started {
  core: Core;
  hostJson: HostJson;
  log: Log;
  invocations: Invocations;
  proxy: StreamProxy | undefined;
  appHookData: object;
  functions: IndexedFunction[];
}

async function open(
  config: FunctionsHostConfig,
  { core, hostJson, log, invocations, proxy, appHookData, functions }: Started,
  afterClose: () => void,
): Promise<RunningPart<FunctionsHostAddresses>> {
  const agent = new Agent({ keepAlive: true });
  const inactivityMs = (config.httpInactivitySeconds ?? 240) * 1_000;
  const front = await openHttpFront({
    port: config.port,
    functions: functions.filter((one): one is HttpFunction => one.kind === 'http'),
    log,
    bodyLimit: Number(config.env.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT ?? defaultBodyLimit),
    answer: (routed) =>
      proxy
        ? answerStreaming(invocations, { proxy, agent, inactivityMs }, routed)
        : answerBuffered(invocations, routed),
    admin: (url, request, response) => answerAdmin(functions, invocations, { url, request, response }),
  });
  const listeners = await startListeners(
    functions.filter((one) => one.kind === 'service-bus'),
    { options: hostJson.serviceBus, invocations, log },
  ).catch(async (error: unknown) => {
    await front.close();
    throw error;
  });
  const timers = functions.filter((one): one is TimerFunction => one.kind === 'timer' && !one.disabled);
  const endTimers = config.timers === false ? [] : timers.map((timer) => startTimer(timer, invocations, log));
  const told = functions.map((one) => (one.disabled ? `${one.name} (disabled)` : one.name)).join(', ');
  log({ level: 'information', message: `host started with ${functions.length} functions: ${told}` });
  return {
    addresses: { service: `http://127.0.0.1:${front.port}` },
    async close() {
      for (const end of endTimers) end();
      front.stop();
      await atMost(finishMs, Promise.all([listeners.stop(), invocations.idle(finishMs)]));
      await atMost(lastAnswersMs, front.answered());
      await core.hooks.run('appTerminate', { hookData: appHookData, appHookData }).catch((error: unknown) => {
        log({ level: 'error', message: `appTerminate: ${String(error)}` });
      });
      await Promise.all([front.close(), listeners.close()]);
      proxy?.close();
      agent.destroy();
      afterClose();
    },
  };
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** Puts the app settings into the environment, where the app reads them. @returns puts back what was there before */
function setEnvironment(env: Record<string, string>): () => void {
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

function endProcessAfterTimeout(config: FunctionsHostConfig, log: Log, name: string): void {
  log({
    level: 'critical',
    message: `the function "${name}" timed out${config.timeoutEndsProcess === false ? '' : '; the host ends'}`,
  });
  if (config.timeoutEndsProcess === false) return;
  // Long enough for the abandon of its message to reach the broker.
  setTimeout(() => process.exit(75), settleBeforeExitMs);
}
