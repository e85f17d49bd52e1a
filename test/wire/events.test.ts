import { expect, test } from 'vitest';
import type { OutgoingEvent } from '../../shared/lane/outgoing.ts';
import { decodeOutgoingEvent, toCloudEvent } from '../../shared/wire/events.ts';

const event: OutgoingEvent = {
  id: 'storefront@production~7',
  type: 'io.warmswap.deployment.changed',
  subject: '0mkabcdef-12345678',
  time: new Date('2026-03-01T10:00:00Z'),
  data: { lane: 'storefront@production', stage: 'watching', n: 7, ok: true, nothing: null },
};

test('an event goes out as a CloudEvent and comes back the same', () => {
  const body = toCloudEvent(event);
  expect(body).toMatchObject({ specversion: '1.0', source: '/warmswap', time: '2026-03-01T10:00:00.000Z' });
  expect(decodeOutgoingEvent(JSON.stringify(body))).toEqual({ ok: true, value: event });
});

test.each([
  { raw: null, why: 'expected an object, got null' },
  { raw: { ...toCloudEvent(event), type: 'io.warmswap.other' }, why: 'type: expected' },
  { raw: { ...toCloudEvent(event), specversion: '0.3' }, why: 'specversion: expected "1.0"' },
  { raw: { ...toCloudEvent(event), time: undefined }, why: 'time: is missing' },
  { raw: { ...toCloudEvent(event), data: { a: [] } }, why: 'data.a: expected' },
])('refused: $why', ({ raw, why }) => {
  expect(decodeOutgoingEvent(raw)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
});
