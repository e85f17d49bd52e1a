export type HookName = 'preInvocation' | 'postInvocation' | 'appStart' | 'appTerminate' | 'log';
export type HookCallback = (context: object) => unknown;

const names: readonly string[] = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log'];

export interface Hooks {
  register(name: string, callback: HookCallback): { dispose(): void };
  /** Runs the hooks of one name in the order of their registration, one after the other; the first throw ends it. */
  run(name: HookName, context: object): Promise<void>;
  /** As `run`, for the hook that cannot be waited for: a log call is synchronous. */
  runNow(name: 'log', context: object): void;
}

/**
 * The hooks of one app. An unknown name must throw a RangeError with `isAzureFunctionsSystemError`, which the library
 * turns into its "host v4.34" message.
 */
export function createHooks(): Hooks {
  const callbacks = new Map<string, HookCallback[]>(names.map((name) => [name, []]));
  return {
    register(name, callback) {
      const list = callbacks.get(name);
      if (!list) {
        throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), { isAzureFunctionsSystemError: true });
      }
      list.push(callback);
      return {
        dispose() {
          const index = list.indexOf(callback);
          if (index >= 0) list.splice(index, 1);
        },
      };
    },
    async run(name, context) {
      for (const callback of [...(callbacks.get(name) ?? [])]) await callback(context);
    },
    runNow(name, context) {
      for (const callback of [...(callbacks.get(name) ?? [])]) callback(context);
    },
  };
}
