import Module from 'node:module';
import { createHooks, type HookCallback, type Hooks } from './hooks.ts';
import type { Callback, Category, FunctionMetadata, Level, ProgrammingModel, RegisteredFunction } from './rpc.ts';

/** What an app has told the host while it was loaded. */
export interface Core {
  functions: RegisteredFunction[];
  hooks: Hooks;
  model(): ProgrammingModel | undefined;
  /** From here on a registration throws: the host has read the list. */
  endRegistration(): void;
  /** The module object that the app gets for `require('@azure/functions-core')`. */
  exports: object;
}

/** @param log receives what the library itself says outside an invocation. */
export function createCore(log: (level: Level, category: Category, message: string) => void): Core {
  const functions: RegisteredFunction[] = [];
  const hooks = createHooks();
  let model: ProgrammingModel | undefined;
  let open = true;
  return {
    functions,
    hooks,
    model: () => model,
    endRegistration: () => {
      open = false;
    },
    exports: {
      version: '3.14.0',
      hostVersion: '4.1037.0',
      registerFunction(metadata: FunctionMetadata, callback: Callback) {
        if (!open) throw new Error(`A function can only be registered during app startup ("${metadata.name}").`);
        if (functions.some((one) => one.metadata.name.toLowerCase() === metadata.name.toLowerCase())) {
          throw new Error(`A function with the name "${metadata.name}" is already registered.`);
        }
        functions.push({ metadata, callback });
        return {
          dispose() {
            const index = functions.findIndex((one) => one.metadata === metadata);
            if (open && index >= 0) functions.splice(index, 1);
          },
        };
      },
      registerHook: (name: string, callback: HookCallback) => hooks.register(name, callback),
      setProgrammingModel(next: ProgrammingModel) {
        model = next;
      },
      getProgrammingModel: () => model,
      log,
      Disposable: class {
        #end: (() => void) | undefined;
        constructor(end?: () => void) {
          this.#end = end;
        }
        dispose(): void {
          this.#end?.();
          this.#end = undefined;
        }
      },
    },
  };
}

type Load = (this: unknown, request: string, parent: unknown, isMain: boolean) => unknown;
const loader = Module as unknown as { _load: Load };
const supplied: object[] = [];
const original = loader._load;

/**
 * Answers `require('@azure/functions-core')` with `exports` until the returned function is called. The library asks
 * once, inside a try/catch, and falls into its test mode when nobody answers; the name is in no registry. Wrapping
 * `Module._load` reaches CommonJS and bundled ESM alike, because the library itself is CommonJS.
 */
export function supplyCore(exports: object): () => void {
  supplied.push(exports);
  loader._load = function load(request, parent, isMain) {
    const newest = supplied.at(-1);
    if (request === '@azure/functions-core' && newest) return newest;
    return original.call(this, request, parent, isMain);
  };
  return () => {
    const index = supplied.indexOf(exports);
    if (index >= 0) supplied.splice(index, 1);
    if (supplied.length === 0) loader._load = original;
  };
}
