import { randomUUID } from 'node:crypto';
import type { Core } from './core-module.ts';
import type { Log } from './host-log.ts';
import type { CoreContext, InvocationInput, InvocationResponse, ProgrammingModel, RegisteredFunction } from './rpc.ts';
import { hostSpan } from './trace-context.ts';

/** The function ran longer than host.json's `functionTimeout`. */
export class FunctionTimeout extends Error {
  override name = 'FunctionTimeout';
}

export interface Invocations {
  /**
   * Runs a function once.
   * @throws what the handler or a hook threw, or FunctionTimeout; each failure has been logged
   */
  run(fn: RegisteredFunction, input: InvocationInput, invocationId?: string): Promise<InvocationResponse>;
  /** Waits until nothing runs, at most `ms`. */
  idle(ms: number): Promise<void>;
}

interface Parts {
  core: Core;
  model: ProgrammingModel;
  log: Log;
  functionTimeoutMs: number | undefined;
  /** One object for all hooks of an app. */
  appHookData: object;
  onTimeout(name: string): void;
}

export function createInvocations(parts: Parts): Invocations {
  const running = new Set<Promise<unknown>>();
  return {
    async run(fn, input, invocationId = randomUUID()) {
      const attempt = withTimeout(invoke(parts, fn, input, invocationId), parts.functionTimeoutMs, fn.metadata.name);
      running.add(attempt);
      try {
        return await attempt;
      } catch (error) {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        const where = { function: fn.metadata.name, invocationId };
        parts.log({ level: 'error', ...where, message: `Executed '${fn.metadata.name}' (Failed): ${message}` });
        if (error instanceof FunctionTimeout) parts.onTimeout(fn.metadata.name);
        throw error;
      } finally {
        running.delete(attempt);
      }
    },
    async idle(ms) {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), ms);
      });
      while (running.size > 0 && (await Promise.race([Promise.allSettled(running), limit])) !== 'late');
      clearTimeout(timer);
    },
  };
}

function withTimeout<T>(work: Promise<T>, ms: number | undefined, name: string): Promise<T> {
  if (ms === undefined) return work;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new FunctionTimeout(`the function "${name}" ran longer than functionTimeout (${ms} ms)`)),
      ms,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * The order of the worker: arguments, `preInvocation` (may replace inputs and handler), the handler, `postInvocation`
 * (may replace the result or clear the error), then the response. A throwing `preInvocation` skips all that follows.
 */
async function invoke(
  { core, model, log, appHookData }: Parts,
  fn: RegisteredFunction,
  input: InvocationInput,
  invocationId: string,
): Promise<InvocationResponse> {
  const { metadata } = fn;
  const hookData = {};
  let invocationContext: object | undefined;
  const context: CoreContext = {
    invocationId,
    metadata,
    request: {
      invocationId,
      functionId: metadata.functionId ?? metadata.name,
      traceContext: hostSpan(),
      ...input,
    },
    log(level, category, message) {
      const line = { level, message, category, hookData, appHookData, invocationContext };
      if (category === 'user') core.hooks.runNow('log', line);
      log({ level: line.level, function: metadata.name, invocationId, message: line.message });
    },
  };
  const invocation = model.getInvocationModel(context);
  const { context: ownContext, inputs } = await invocation.getArguments();
  invocationContext = ownContext;

  const before = { hookData, appHookData, invocationContext, inputs, functionCallback: fn.callback };
  context.state = 'preInvocationHooks';
  await core.hooks.run('preInvocation', before);

  const after: { result: unknown; error: unknown } & Record<string, unknown> = {
    hookData,
    appHookData,
    invocationContext,
    inputs: before.inputs,
    result: null,
    error: null,
  };
  context.state = 'invocation';
  try {
    after.result = await invocation.invokeFunction(ownContext, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error ?? new Error('the handler threw nothing');
  }
  context.state = 'postInvocationHooks';
  await core.hooks.run('postInvocation', after);
  delete context.state;
  if (after.error !== null && after.error !== undefined) throw after.error;
  return await invocation.getResponse(ownContext, after.result);
}
