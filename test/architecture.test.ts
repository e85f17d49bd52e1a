import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf } from './architecture/code-of.ts';
import { importsOf } from './architecture/imports-of.ts';
import { importFaults, isGoverned, outgoingFaults, purityFaults, registrationFaults } from './architecture/laws.ts';

/** The laws of DESIGN §3, kept by all files, and shown to fail where they are broken. */

const root = join(import.meta.dirname, '..');

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => `${folder}/${name}`);

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const all = ['shared', 'functions', 'infra/local', 'infra/operate', 'infra/describe'].flatMap(filesIn);

/** Known breaches, to be mended where they are. */
const known: Record<string, string> = {
  'functions/timer/sweep.ts (functions) may not import shared/lane/arrivals.ts (static)':
    'how long seen inputs are kept',
  'functions/queue/usable-ports.ts (functions) may not import node:timers/promises (static)':
    'settings are waited for in place for 20 s, as DESIGN §2 has it for what is down',
};

describe('the import law', () => {
  test('is kept by every file', () => {
    const faults = all.flatMap((file) => importFaults(file, textOf(file)));
    expect(faults.filter((fault) => !(fault in known))).toEqual([]);
  });

  test('governs every file of the product and of the local Azure’s parts', () => {
    const free = all.filter((file) => !isGoverned(file));
    expect(free.filter((file) => !/^infra\/local\/(?:[\w-]+\.ts$|demo\/|ship\/)/.test(file))).toEqual([]);
    expect(all.filter(isGoverned).length).toBeGreaterThan(200);
  });

  test.each([
    { file: 'infra/describe/openapi/describe.ts', imports: '../../../shared/adapters/tables/stores.ts' },
    { file: 'shared/lane/decide.ts', imports: '../correlation/words.ts' },
    { file: 'shared/lane/stages/idle.ts', imports: 'node:crypto' },
    { file: 'shared/lane/decide.ts', imports: 'valibot' },
    { file: 'shared/correlation/group.ts', imports: '../wire/decode.ts' },
    { file: 'shared/correlation/group.ts', imports: 'node:crypto' },
    { file: 'shared/wire/ids.ts', imports: 'node:fs' },
    { file: 'shared/wire/ids.ts', imports: '../use-cases/receive.ts' },
    { file: 'shared/wire/builds/warmswap.ts', imports: '../../adapters/tables/row.ts' },
    { file: 'shared/ports.ts', imports: './adapters/tables/row.ts' },
    { file: 'shared/trace.ts', imports: 'node:crypto' },
    { file: 'shared/metrics.ts', imports: './ports.ts' },
    { file: 'shared/lane/decide.ts', imports: '../trace.ts' },
    { file: 'shared/use-cases/receive.ts', imports: '../wire/decode.ts' },
    { file: 'shared/use-cases/receive.ts', imports: '@azure/data-tables' },
    { file: 'shared/use-cases/receive.ts', imports: '../settings.ts' },
    { file: 'shared/adapters/slack/messenger.ts', imports: '../../use-cases/notify.ts' },
    { file: 'shared/adapters/slack/messenger.ts', imports: '../../settings.ts' },
    { file: 'shared/settings.ts', imports: './ports.ts' },
    { file: 'shared/runtime.ts', imports: './adapters/tables/stores.ts' },
    { file: 'shared/runtime.ts', imports: './use-cases/receive.ts' },
    { file: 'infra/operate/rows.ts', imports: '../local/part.ts' },
    { file: 'infra/operate/verify-journal/main.ts', imports: '../../../functions/log.ts' },
    { file: 'functions/http/builds.ts', imports: '../../shared/adapters/tables/row.ts' },
    { file: 'functions/http/builds.ts', imports: '@azure/service-bus' },
    { file: 'functions/http/builds.ts', imports: '../../shared/lane/decide.ts' },
    { file: 'functions/http/builds.ts', imports: '../../infra/local/part.ts' },
    { file: 'infra/local/slack/slack.ts', imports: '../../../shared/lane/words.ts' },
    { file: 'infra/local/slack/slack.ts', imports: '../../../functions/main.ts' },
    { file: 'infra/local/slack/blocks/text.ts', imports: '../../service-bus/queue.ts' },
    { file: 'infra/local/slack/slack.ts', imports: '../stack.ts' },
  ])('$file may not import $imports', ({ file, imports }) => {
    expect(importFaults(file, `import { a } from '${imports}';`)).toHaveLength(1);
  });

  test('types follow it as well, but for what a layer may know as a type only', () => {
    expect(importFaults('shared/lane/decide.ts', "import type { Ports } from '../ports.ts';")).toHaveLength(1);
    expect(
      importFaults('shared/adapters/slack/messenger.ts', "import type { Settings } from '../../settings.ts';"),
    ).toEqual([]);
    expect(importFaults('functions/http/builds.ts', "import { type Lane } from '../../shared/lane/lane.ts';")).toEqual(
      [],
    );
    expect(
      importFaults('functions/http/builds.ts', "import { type Lane, emptyLane } from '../../shared/lane/lane.ts';"),
    ).toHaveLength(1);
  });

  test('adapters are reached by import() alone, and import their SDK statically', () => {
    expect(importFaults('shared/runtime.ts', "const { a } = await import('./adapters/tables/stores.ts');")).toEqual([]);
    expect(importFaults('shared/runtime.ts', "export { a } from './adapters/tables/stores.ts';")).toHaveLength(1);
    expect(importFaults('shared/use-cases/receive.ts', "await import('../adapters/tables/stores.ts')")).toHaveLength(1);
    expect(
      importFaults('shared/adapters/tables/connect.ts', "import { TableClient } from '@azure/data-tables';"),
    ).toEqual([]);
    expect(importFaults('shared/adapters/tables/connect.ts', "await import('@azure/data-tables')")).toHaveLength(1);
  });
});

describe('the law of the one door', () => {
  test('HTTP is registered in one file, functions in a few', () => {
    expect(
      all.filter((file) => file.startsWith('functions/')).flatMap((file) => registrationFaults(file, textOf(file))),
    ).toEqual([]);
    expect(textOf('functions/http/serve.ts').match(/\bapp\.http\(/g)).toHaveLength(1);
  });

  test.each([
    ['functions/http/lanes.ts', "import { app } from '@azure/functions';"],
    ['functions/http/lanes.ts', "import { app as other } from '@azure/functions';"],
    ['functions/http/lanes.ts', "import * as library from '@azure/functions';"],
    ['functions/http/lanes.ts', "const { app } = await import('@azure/functions');"],
    ['functions/http/lanes.ts', "export { app } from '@azure/functions';"],
    ['functions/main.ts', "app.http('lost', options);"],
    ['functions/queue/queues.ts', "app.get('lost', options);"],
    ['functions/timer/timers.ts', "app\n  .generic('lost', options);"],
    ['functions/main.ts', "app['http']('lost', options);"],
    ['functions/main.ts', "import { app as other } from '@azure/functions';"],
  ])('%s breaks it with %s', (file, text) => {
    expect(registrationFaults(file, text).length).toBeGreaterThan(0);
  });

  test('types of the library are free', () => {
    expect(
      registrationFaults('functions/http/lanes.ts', "import type { HttpRequest } from '@azure/functions';"),
    ).toEqual([]);
  });
});

describe('the law of the one way out', () => {
  test('is kept by every file of the product', () => {
    const product = all.filter((file) => /^(?:shared|functions)\//.test(file));
    expect(product.flatMap((file) => outgoingFaults(file, textOf(file)))).toEqual([]);
    expect(textOf('shared/adapters/http/guarded-request.ts')).toContain("from 'node:https'");
  });

  test.each([
    "const answer = await fetch(url, { redirect: 'error' });",
    'const send = globalThis.fetch;',
    "import { request } from 'node:https';",
    "import { type IncomingMessage, request } from 'node:http';",
    "const { connect } = await import('node:net');",
    "import tls from 'node:tls';",
    "import { lookup } from 'node:dns/promises';",
  ])('is broken by %s', (text) => {
    expect(outgoingFaults('shared/adapters/blobs/source.ts', text)).toHaveLength(1);
  });

  test('is not broken by types', () => {
    expect(
      outgoingFaults('shared/adapters/blobs/source.ts', "import type { IncomingMessage } from 'node:http';"),
    ).toEqual([]);
  });
});

describe('the purity law', () => {
  const pure = [...filesIn('shared/lane'), ...filesIn('shared/correlation'), 'shared/trace.ts', 'shared/metrics.ts'];

  test('is kept by every file of the pure layers', () => {
    expect(pure.length).toBeGreaterThan(30);
    expect(pure.flatMap((file) => purityFaults(file, textOf(file)))).toEqual([]);
  });

  test.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const now = new Date( );',
    'const now = Date();',
    'const started = performance.now();',
    'const die = Math.random();',
    'const id = crypto.randomUUID();',
    'const stop = process.env.WARMSWAP_STOP;',
    'const stop = globalThis.stop;',
    'const text = date.toLocaleString();',
    'const text = new Intl.NumberFormat().format(1);',
    'setTimeout(() => {}, 10);',
    'setInterval(tick, 10);',
    'queueMicrotask(tick);',
    'export async function decide() {}',
    'const a = await b;',
    'return Promise.resolve();',
    'fetch(url);',
    "console.log('here');",
    'let count = 0;',
    'export let count = 0;',
    `const text = \`at \${Date.now()}\`;`,
    `const text = \`a \${b ? \`c \${Date.now()}\` : ''} d\`;`,
    "const slash = /'/; const now = Date.now();",
  ])('is broken by %s', (text) => {
    expect(purityFaults('shared/lane/decide.ts', text)).toHaveLength(1);
  });

  test.each([
    'const at = new Date(now.getTime() + 10);',
    '// Date.now() is handed in',
    '/* await nothing\n * console */',
    "const told = 'process await';",
    'const told = "Math.random()";',
    `const told = \`await \${name} process\`;`,
    'const word = /async |await/;',
    'function count() {\n  let count = 0;\n  return count;\n}',
  ])('is not broken by %s', (text) => {
    expect(purityFaults('shared/lane/decide.ts', text)).toEqual([]);
  });
});

describe('how a file is read', () => {
  test('code is what is left without comments and without what stands in quotes', () => {
    const text = `const a = 'it\\'s'; // no\nconst b = 4 / 2 / c; /* no */ const d = \`x \${e({ f: "g" })} y\`;`;
    expect(codeOf(text)).toBe('const a = \'\'; \nconst b = 4 / 2 / c;  const d = ``e({ f: "" })``;');
  });

  test('imports over several lines, re-exports, side effects and calls are found; comments are not', () => {
    const text = [
      "import {\n  a,\n  type B,\n} from './a.ts';",
      "import type { C } from '../c.ts';",
      "import * as d from 'd';",
      "export * from './e.ts';",
      "import './f.ts';",
      "const g = await import('./g.ts');",
      "type H = typeof import('./h.ts');",
      "// import { no } from './no.ts';",
      "/** import { no } from './no.ts';\nimport './no.ts';\n*/ const glob = '/*';",
      "import { last } from 'last';",
    ].join('\n');
    expect(importsOf('shared/lane/x.ts', text).map(({ target, how }) => `${target} ${how}`)).toEqual([
      'shared/lane/a.ts static',
      'shared/c.ts type',
      'd static',
      'shared/lane/e.ts static',
      'last static',
      'shared/lane/f.ts static',
      'shared/lane/g.ts dynamic',
      'shared/lane/h.ts type',
    ]);
  });
});
