import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../shared/correlation/fingerprint.ts';
import { isProbe, PROBE_TAG } from '../../shared/correlation/probe.ts';
import type { ErrorReport } from '../../shared/correlation/words.ts';
import { frame, report, thrown } from './error-report.ts';
import { differentFrames, differentMessages, sameFrames, sameMessages } from './fingerprint-pairs.ts';

const inFrames = (text: string): ErrorReport => thrown('TypeError', 'x is undefined', ...text.split(' > '));
const inMessage = (text: string): ErrorReport => thrown('Error', text);

describe('the same error over deployments, hosts and users', () => {
  test.each(sameFrames)('%s = %s', (a, b) => {
    expect(fingerprintOf(inFrames(a))).toBe(fingerprintOf(inFrames(b)));
  });
  test.each(sameMessages)('%s = %s', (a, b) => {
    expect(fingerprintOf(inMessage(a))).toBe(fingerprintOf(inMessage(b)));
    expect(fingerprintOf(report({ exceptions: [], message: a }))).toBe(
      fingerprintOf(report({ exceptions: [], message: b })),
    );
  });
  test('there are enough of them', () => {
    expect(sameFrames.length + sameMessages.length).toBeGreaterThanOrEqual(100);
    expect(differentFrames.length + differentMessages.length).toBeGreaterThanOrEqual(40);
  });
});

describe('different errors', () => {
  test.each(differentFrames)('%s ≠ %s', (a, b) => {
    expect(fingerprintOf(inFrames(a))).not.toBe(fingerprintOf(inFrames(b)));
  });
  test.each(differentMessages)('%s ≠ %s', (a, b) => {
    expect(fingerprintOf(inMessage(a))).not.toBe(fingerprintOf(inMessage(b)));
  });
});

const error = report();

describe('what counts', () => {
  test('the type', () => {
    expect(fingerprintOf(thrown('TypeError', 'm', 'load@@/a.js'))).not.toBe(
      fingerprintOf(thrown('RangeError', 'm', 'load@@/a.js')),
    );
  });
  test('the message not, where frames name functions', () => {
    expect(fingerprintOf(thrown('TypeError', 'one', 'load@@/a.js'))).toBe(
      fingerprintOf(thrown('TypeError', 'two', 'load@@/a.js')),
    );
  });
  test('the message, where frames name none', () => {
    expect(fingerprintOf(thrown('TypeError', 'one', '@@/a.js'))).not.toBe(
      fingerprintOf(thrown('TypeError', 'two', '@@/a.js')),
    );
  });
  test('the cause', () => {
    const [outer] = thrown('ServiceError', 'm', 'load@@/a.js').exceptions;
    const [inner, other] = [thrown('Timeout', 'm', 'send@@/b.js'), thrown('Refused', 'm', 'send@@/b.js')].map(
      (cause) => cause.exceptions[0],
    );
    if (outer === undefined || inner === undefined || other === undefined) throw new Error('no exception');
    const [one, two] = [inner, other].map((cause) => fingerprintOf(report({ exceptions: [outer, cause] })));
    expect(one).not.toBe(two);
  });
  test('neither version, host, user, request, level, count nor time', () => {
    const elsewhere = report({
      version: '2.0.0',
      occurredAt: new Date(0),
      level: 'fatal',
      user: { id: 'u1' },
      request: { method: 'GET', url: '/x' },
      host: 'web-7',
      count: 9,
      tags: { a: 'b' },
    });
    expect(fingerprintOf(elsewhere)).toBe(fingerprintOf(error));
  });
});

describe("the client's own fingerprint", () => {
  test('decides alone', () => {
    expect(fingerprintOf(report({ fingerprint: 'mine', exceptions: [] }))).toBe(
      fingerprintOf(report({ fingerprint: 'mine' })),
    );
    expect(fingerprintOf(report({ fingerprint: 'mine' }))).not.toBe(fingerprintOf(error));
    expect(fingerprintOf(report({ fingerprint: 'mine' }))).not.toBe(fingerprintOf(report({ fingerprint: 'yours' })));
  });
  test('that is blank or only the default is none', () => {
    expect(fingerprintOf(report({ fingerprint: ' ' }))).toBe(fingerprintOf(error));
    expect(fingerprintOf(report({ fingerprint: '{{ default }}' }))).toBe(fingerprintOf(error));
  });
  test('with the default in it refines ours', () => {
    const refined = (own: string, changes: Partial<ErrorReport> = {}) =>
      fingerprintOf({ ...error, fingerprint: own, ...changes });
    expect(refined('{{ default }}|eu')).not.toBe(refined('{{ default }}|us'));
    expect(refined('{{ default }}|eu')).not.toBe(fingerprintOf(error));
    expect(refined('{{ default }}|eu')).not.toBe(refined('{{ default }}|eu', { exceptions: [] }));
  });
});

test('a probe is known by its tag alone, and nothing else looks like one', () => {
  const probe = fingerprintOf(report({ tags: { [PROBE_TAG]: 'd1-probe' }, fingerprint: 'mine' }));
  expect(isProbe(probe)).toBe(true);
  expect(probe).not.toBe(fingerprintOf(report({ tags: { [PROBE_TAG]: 'd2-probe' } })));
  expect(isProbe(fingerprintOf(report({ fingerprint: probe })))).toBe(false);
  expect(isProbe(fingerprintOf(report({ tags: { [PROBE_TAG]: '' } })))).toBe(false);
});

test('recursion of any depth is one error', () => {
  const deep = (times: number) => inFrames(`${'walk@@/x.js > visit@@/x.js > '.repeat(times)}main@@/x.js`);
  expect(fingerprintOf(deep(2))).toBe(fingerprintOf(deep(9)));
  expect(fingerprintOf(inFrames('walk@@/x.js > visit@@/x.js > main@@/x.js'))).not.toBe(
    fingerprintOf(inFrames('visit@@/x.js > walk@@/x.js > main@@/x.js')),
  );
});

test('whatever is reported has a fingerprint that fits a key', () => {
  const text = fc.option(fc.string({ unit: 'binary', maxLength: 80 }), { nil: undefined });
  const anyFrame = fc.record({
    function: text,
    module: text,
    file: text,
    inApp: fc.option(fc.boolean(), { nil: undefined }),
  });
  const exceptions = fc.array(
    fc.record({
      type: fc.string(),
      message: fc.string({ unit: 'binary' }),
      frames: fc.array(anyFrame, { maxLength: 6 }),
    }),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(exceptions, text, text, (thrownOnes, message, fingerprint) => {
      expect(fingerprintOf(report({ exceptions: thrownOnes, message, fingerprint }))).toMatch(/^[0-9a-f]{16}$/);
    }),
    { numRuns: 500 },
  );
});

test('lines, columns, roots and content hashes never count', () => {
  const name = fc.stringMatching(/^[a-z]{3,12}$/);
  const hash = fc.stringMatching(/^[0-9a-f]{8}$/).filter((found) => /\d/.test(found));
  const root = fc.constantFrom('/home/site/wwwroot/', 'C:\\app\\', 'https://shop.example/v7/', '/tmp/8dc1/', 'app:///');
  const built = (fn: string, file: string, from: string, digest: string, line: number) =>
    fingerprintOf(
      report({
        exceptions: [{ type: 'E', message: '', frames: [{ ...frame(`${fn}@@${from}${file}.${digest}.js`), line }] }],
      }),
    );
  fc.assert(
    fc.property(name, name, fc.tuple(root, hash, fc.nat()), fc.tuple(root, hash, fc.nat()), (fn, file, one, two) => {
      expect(built(fn, file, ...one)).toBe(built(fn, file, ...two));
    }),
    { numRuns: 300 },
  );
});
