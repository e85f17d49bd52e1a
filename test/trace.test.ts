import { describe, expect, test } from 'vitest';
import { newTrace, readTrace, spanIdOf, spanUnder, traceIdOf } from '../shared/trace.ts';
import { traceIn, withTrace } from '../shared/wire/cloud-event-trace.ts';

const id = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';
const told = (traceparent: unknown, tracestate: unknown = null) => readTrace(traceparent, tracestate);

describe('traceparent', () => {
  test.each([
    { what: 'as the specification has it', from: `00-${id}-${span}-01`, is: `00-${id}-${span}-01` },
    { what: 'not sampled', from: `00-${id}-${span}-00`, is: `00-${id}-${span}-00` },
    { what: 'with the flag of level 2', from: `00-${id}-${span}-03`, is: `00-${id}-${span}-03` },
    { what: 'with flags nobody knows', from: `00-${id}-${span}-ff`, is: `00-${id}-${span}-03` },
    { what: 'of a later version', from: `cc-${id}-${span}-01`, is: `00-${id}-${span}-01` },
    {
      what: 'of a later version with more',
      from: `cc-${id}-${span}-01-what-the-future-holds`,
      is: `00-${id}-${span}-01`,
    },
  ])('$what is continued', ({ from, is }) => {
    expect(told(from)).toEqual({ traceparent: is, tracestate: null });
  });

  test.each([
    { what: 'none', from: undefined },
    { what: 'empty', from: '' },
    { what: 'no text', from: 7 },
    { what: 'two of them, joined', from: `00-${id}-${span}-01,00-${id}-${span}-01` },
    { what: 'version ff', from: `ff-${id}-${span}-01` },
    { what: 'version 00 with more', from: `00-${id}-${span}-01-what` },
    { what: 'a later version run together', from: `cc-${id}-${span}-01.what` },
    { what: 'upper case', from: `00-${id.toUpperCase()}-${span}-01` },
    { what: 'a trace id of zeros', from: `00-${'0'.repeat(32)}-${span}-01` },
    { what: 'a span id of zeros', from: `00-${id}-${'0'.repeat(16)}-01` },
    { what: 'a short trace id', from: `00-${id.slice(1)}-${span}-01` },
    { what: 'no hex', from: `00-${id.slice(1)}g-${span}-01` },
    { what: 'without flags', from: `00-${id}-${span}` },
    { what: 'with a line break behind', from: `00-${id}-${span}-01\n` },
    { what: 'with blanks around', from: ` 00-${id}-${span}-01` },
  ])('$what is no trace', ({ from }) => {
    expect(told(from)).toBeNull();
  });
});

describe('tracestate', () => {
  const state = (text: unknown): string | null | undefined => told(`00-${id}-${span}-01`, text)?.tracestate;
  test.each([
    { from: 'rojo=00f067aa0ba902b7', is: 'rojo=00f067aa0ba902b7' },
    { from: 'rojo=1 , congo=t61rcWkgMzE', is: 'rojo=1,congo=t61rcWkgMzE' },
    { from: 'a=1,,b=2', is: 'a=1,b=2' },
    { from: 'tenant@vendor=1', is: 'tenant@vendor=1' },
    { from: undefined, is: null },
    { from: '', is: null },
    { from: 'nothing', is: null },
    { from: 'UPPER=1', is: null },
    { from: 'a=x\r\nset-cookie: b', is: null },
    { from: `a=${'x'.repeat(512)}`, is: null },
    { from: Array.from({ length: 33 }, (_, index) => `k${index}=1`).join(','), is: null },
  ])('$from is $is', ({ from, is }) => {
    expect(state(from)).toBe(is);
  });
});

test('a span keeps its parent’s trace, flags and state; the first one begins them', () => {
  const parent = readTrace(`00-${id}-${span}-00`, 'rojo=1');
  if (parent === null) throw new Error('not read');
  const child = spanUnder(parent, '00f067aa0ba902b7');
  expect(child).toEqual({ traceparent: `00-${id}-00f067aa0ba902b7-00`, tracestate: 'rojo=1' });
  expect([traceIdOf(child), spanIdOf(child)]).toEqual([id, '00f067aa0ba902b7']);
  expect(newTrace(id, span)).toEqual({ traceparent: `00-${id}-${span}-01`, tracestate: null });
});

describe('a CloudEvent', () => {
  const event = { specversion: '1.0', id: '1', data: {} };
  const traceparent = `00-${id}-${span}-01`;

  test('names the trace it began in, as a text or read already', () => {
    const named = { ...event, traceparent, tracestate: 'rojo=1' };
    expect(traceIn(named)).toEqual({ traceparent, tracestate: 'rojo=1' });
    expect(traceIn(JSON.stringify(named))).toEqual({ traceparent, tracestate: 'rojo=1' });
  });

  test.each([
    event,
    { ...event, traceparent: 'mine' },
    { traceparent },
    '{"specversion":',
    'null',
    null,
    7,
    [traceparent],
  ])('%j names none', (raw) => {
    expect(traceIn(raw)).toBeNull();
  });

  test('of ours says so; one that did already, and what is no CloudEvent, is left as it is', () => {
    const trace = { traceparent, tracestate: 'rojo=1' };
    expect(withTrace(event, trace)).toEqual({ ...event, traceparent, tracestate: 'rojo=1' });
    expect(withTrace(event, { traceparent, tracestate: null })).toEqual({ ...event, traceparent });
    expect(withTrace(event, null)).toBe(event);
    const named = { ...event, traceparent: `00-${id}-${'1'.repeat(16)}-01` };
    expect(withTrace(named, trace)).toBe(named);
    const bytes = Buffer.from(JSON.stringify(event));
    expect(withTrace(bytes, trace)).toBe(bytes);
  });
});
