import { expect, test } from 'vitest';
import { hostSpan, messageSpan } from '../../../infra/local/functions-host/trace-context.ts';

const id = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';
const traceparent = `00-${id}-${span}-00`;

test('a caller’s trace is continued by a span of the host’s own, with its flags and state', () => {
  const told = hostSpan(traceparent, 'rojo=1');
  expect(told).toEqual({ traceParent: expect.stringMatching(`^00-${id}-[0-9a-f]{16}-00$`), traceState: 'rojo=1' });
  expect(told.traceParent).not.toContain(span);
});

test.each([undefined, 7, '', 'mine', `00-${'0'.repeat(32)}-${span}-01`, `00-${id}-${'0'.repeat(16)}-01`])(
  '%j begins a trace',
  (from) => {
    const { traceParent, traceState } = hostSpan(from, 'rojo=1');
    expect(traceParent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect([traceParent.includes(id), traceState]).toEqual([false, undefined]);
  },
);

test('of a message only Diagnostic-Id counts', () => {
  expect(messageSpan({ 'Diagnostic-Id': traceparent }).traceParent).toContain(id);
  expect(messageSpan({ traceparent }).traceParent).not.toContain(id);
  expect(messageSpan(undefined).traceParent).not.toContain(id);
});
