import rhea from 'rhea';
import { expect, test } from 'vitest';
import { readDelivery, readMessage } from '../../../../infra/local/service-bus/message/incoming.ts';
import { deliveryTag, uuidBytes, uuidText } from '../../../../infra/local/service-bus/message/lock-token.ts';
import { withApplicationProperties, withMessageId } from '../../../../infra/local/service-bus/message/rewrite.ts';
import { sectionsOf } from '../../../../infra/local/service-bus/message/sections.ts';

const { types, message: codec } = rhea;
const body = codec.data_section(Buffer.from('body'));

test('application properties are set or replaced; the others keep their bytes', () => {
  const before = codec.encode({
    message_id: 'm',
    application_properties: { kept: types.wrap_long(7), replaced: 'old' },
    body,
  } as never);
  const after = withApplicationProperties(before, { replaced: 'new', added: true });
  expect(codec.decode(after)).toMatchObject({
    message_id: 'm',
    application_properties: { kept: 7, replaced: 'new', added: true },
    body: { content: Buffer.from('body') },
  });
  const long = Buffer.concat([Buffer.from([0xa1, 4]), Buffer.from('kept'), Buffer.from([0x55, 7])]);
  expect(after.includes(long)).toBe(true);
});

test('a message that had no application properties, or no properties at all, can have them', () => {
  const onlyBody = Buffer.from([0x00, 0x53, 0x75, 0xa0, 0x01, 0x61]);
  const withId = withMessageId(onlyBody, 'given');
  const both = withApplicationProperties(withId, { reason: 'r' });
  expect(sectionsOf(both).map(({ code }) => code)).toEqual([0x73, 0x74, 0x75]);
  expect(codec.decode(both)).toMatchObject({ message_id: 'given', application_properties: { reason: 'r' } });
});

test('a message id is put in without touching the other properties', () => {
  const before = codec.encode({ subject: 's', group_id: 'g', body });
  expect(codec.decode(withMessageId(before, 'i'))).toMatchObject({ message_id: 'i', subject: 's', group_id: 'g' });
});

test('a message is read for what the broker needs, and keeps only what is its own', () => {
  const due = new Date(1_700_000_000_000);
  const bytes = codec.encode({
    ttl: 5_000,
    message_annotations: { 'x-opt-scheduled-enqueue-time': due, 'x-opt-partition-key': 'p', 'x-opt-other': 1 },
    message_id: 'm',
    group_id: 'session',
    body,
  } as never);
  const message = readMessage(bytes);
  expect(message).toMatchObject({
    messageId: 'm',
    sessionId: 'session',
    partitionKey: 'p',
    scheduledFor: due.getTime(),
    timeToLiveMs: 5_000,
  });
  expect(sectionsOf(message.bare).map(({ code }) => code)).toEqual([0x73, 0x75]);
});

test.each([
  { of: 'a number', id: 12, text: '12' },
  { of: 'a UUID', id: Buffer.alloc(16, 0xab), text: 'ab'.repeat(16) },
])('a message id that is $of is compared as text', ({ id, text }) => {
  expect(readMessage(codec.encode({ message_id: id, body })).messageId).toBe(text);
});

test.each([
  { what: 'no section', bytes: Buffer.from([0x40]) },
  { what: 'a value that goes beyond the end', bytes: Buffer.from([0x00, 0x53, 0x75, 0xa0, 0x09, 0x01]) },
  { what: 'an end in the middle', bytes: Buffer.from([0x00, 0x53]) },
  { what: 'a constructor there is none', bytes: Buffer.from([0x00, 0x53, 0x75, 0x15]) },
])('$what is a decode error', ({ bytes }) => {
  expect(() => readDelivery(bytes, 0)).toThrow('The message cannot be read');
});

test('a lock token is a delivery tag in the byte order of .NET, and itself in a request', () => {
  const token = '00112233-4455-6677-8899-aabbccddeeff';
  expect(deliveryTag(token).toString('hex')).toBe('33221100554477668899aabbccddeeff');
  expect(uuidText(uuidBytes(token))).toBe(token);
});
