import { codeOf } from './code-of.ts';
import { type Import, importsOf } from './imports-of.ts';

/** The layers of DESIGN §3 and what each may import; the first pattern that fits a file is its layer. */
interface Layer {
  files: RegExp;
  /** Of whatever kind. */
  may: RegExp;
  /** Besides, where nothing of it runs. */
  mayAsTypes?: RegExp;
  /** Besides, by `import()` alone. */
  mayDynamically?: RegExp;
}

const packages = /^(?:node:|@?[a-z])/;
const none = /^$/;
/** Our own folders look like packages to a pattern. */
const ours = /^(?:shared|functions|infra|test)\//;

const layers: Record<string, Layer> = {
  lane: { files: /^shared\/lane\//, may: /^shared\/lane\// },
  correlation: { files: /^shared\/correlation\//, may: /^shared\/(?:correlation|lane)\// },
  /** What every layer but the pure ones may speak of. */
  plain: { files: /^shared\/(?:trace|metrics)\.ts$/, may: none },
  wire: {
    files: /^shared\/wire\//,
    may: /^(?:shared\/(?:(?:wire|lane|correlation)\/|trace\.ts$)|valibot$|yaml$|node:crypto$)/,
  },
  shell: {
    files: /^shared\/(?:ports\.ts|use-cases\/)/,
    may: /^shared\/(?:(?:ports|trace|metrics)\.ts$|(?:use-cases|lane|correlation)\/)/,
  },
  adapters: {
    files: /^shared\/adapters\//,
    may: /^shared\/(?:(?:ports|trace)\.ts$|(?:adapters|lane|correlation|wire)\/)|^(?!shared|functions|infra|test)/,
    mayAsTypes: /^shared\/settings\.ts$/,
  },
  settings: { files: /^shared\/settings\.ts$/, may: /^(?:valibot$|shared\/wire\/)/, mayAsTypes: /^shared\/lane\// },
  runtime: {
    files: /^shared\/runtime\.ts$/,
    may: /^(?:shared\/(?:settings|ports)\.ts|node:crypto)$/,
    mayDynamically: /^shared\/adapters\//,
  },
  functions: {
    files: /^functions\//,
    may: /^(?:@azure\/functions$|node:(?:async_hooks|crypto)$|functions\/|shared\/(?:(?:runtime|settings|ports|trace|metrics|lane\/words)\.ts$|(?:use-cases|wire)\/)|docs\/openapi\.json$)/,
    mayAsTypes: /^shared\/lane\//,
  },
  /** Says what the product is: its routes and schemas as OpenAPI, a policy as a page. */
  describe: {
    files: /^infra\/describe\//,
    may: /^(?:infra\/(?:describe|package)\/|shared\/wire\/|functions\/http\/routes\.ts$|valibot$|@valibot\/to-json-schema$|node:)/,
  },
  /** Makes what is deployed; of the product it reads the owner's file alone, as the service does. */
  package: {
    files: /^infra\/package\//,
    may: /^(?:infra\/package\/|shared\/wire\/policy\/apps-file\.ts$|fflate$|node:)/,
    mayAsTypes: /^esbuild$/,
  },
  operate: {
    files: /^infra\/operate\//,
    may: /^(?:shared|infra\/operate)\/|^(?!shared|functions|infra|test)/,
  },
  part: {
    files: /^infra\/local\/(?:service-bus|app-service|storage|slack|identity|event-grid|functions-host)\//,
    may: none,
  },
};

/** What a part of the local Azure may import: its own folder, what all parts share, and libraries; never the product. */
function mayPart(file: string, target: string): boolean {
  const [, , part] = file.split('/');
  if (!ours.test(target)) return packages.test(target);
  return target.startsWith(`infra/local/${part}/`) || /^infra\/local\/(?:part|certificate)\.ts$/.test(target);
}

function allows(name: string, layer: Layer, file: string, { target, how }: Import): boolean {
  if (name === 'part') return mayPart(file, target);
  if (layer.may.test(target)) return name !== 'adapters' || how !== 'dynamic';
  if (how === 'type') return (layer.mayAsTypes ?? none).test(target);
  return how === 'dynamic' && (layer.mayDynamically ?? none).test(target);
}

/** How a file breaks the import law; empty when it does not. */
export function importFaults(file: string, text: string): string[] {
  const found = Object.entries(layers).find(([, { files }]) => files.test(file));
  if (found === undefined) return [];
  const [name, layer] = found;
  return importsOf(file, text)
    .filter((one) => !allows(name, layer, file, one))
    .map(({ target, how }) => `${file} (${name}) may not import ${target} (${how})`);
}

export const isGoverned = (file: string): boolean => Object.values(layers).some(({ files }) => files.test(file));

/** Where functions are registered; HTTP in one file alone, which gives each route the door in front of it. */
const registers = /^functions\/(?:main\.ts|http\/serve\.ts|queue\/queues\.ts|timer\/timers\.ts)$/;

/** How a file registers functions where none may be, or HTTP past its one door. */
export function registrationFaults(file: string, text: string): string[] {
  const faults: string[] = [];
  const takesLibrary = importsOf(file, text).some(({ target, how }) => target === '@azure/functions' && how !== 'type');
  if (takesLibrary && !registers.test(file)) faults.push(`${file} may not register functions`);
  const http = /\bapp\s*\.\s*(?:http|get|put|post|patch|deleteRequest|generic)\b|\bapp\s*(?:\[|as\b)/.exec(
    codeOf(text),
  );
  if (http !== null && file !== 'functions/http/serve.ts') faults.push(`${file} may not register HTTP: ${http[0]}`);
  return faults;
}

/** Node's own ways to another machine. */
const WIRES = /^node:(?:http|https|http2|net|tls|dgram|dns)(?:\/|$)/;

/** How a file of the product reaches another machine past the guard of addresses; the vendors' clients speak to addresses of the settings. */
export function outgoingFaults(file: string, text: string): string[] {
  if (file.startsWith('shared/adapters/http/')) return [];
  const imports = importsOf(file, text).filter(({ target, how }) => how !== 'type' && WIRES.test(target));
  const isFetching = /\bfetch\b(?!\s*:)/.test(codeOf(text));
  return [
    ...imports.map(({ target }) => `${file} reaches out by ${target}; use shared/adapters/http/guarded-request.ts`),
    ...(isFetching ? [`${file} reaches out by fetch; use shared/adapters/http/guarded-request.ts`] : []),
  ];
}

/** What a pure layer must be handed instead of reaching for it: time, chance, the environment, anything that waits. */
const impure: Record<string, RegExp> = {
  'the clock': /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(|\bperformance\b|\bTemporal\b/,
  chance: /\bMath\.random\b|\bcrypto\b/,
  'the environment': /\bprocess\b|\bglobalThis\b|\btoLocale\w*\b|\bIntl\b/,
  timers: /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
  waiting: /\bawait\b|\basync\b|\bPromise\b|\bfetch\b/,
  'the console': /\bconsole\b/,
  memory: /^(?:export\s+)?(?:let|var)\b/m,
};

/** How a file of a pure layer breaks the purity law. */
export function purityFaults(file: string, text: string): string[] {
  const code = codeOf(text);
  return Object.entries(impure).flatMap(([what, pattern]) => {
    const found = pattern.exec(code);
    return found === null ? [] : [`${file} reaches for ${what}: ${found[0]}`];
  });
}
