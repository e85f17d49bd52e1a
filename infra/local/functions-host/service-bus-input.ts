import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { ServiceBusFunction } from './indexing.ts';
import type { InvocationInput, RpcTypedData } from './rpc.ts';
import { messageSpan } from './trace-context.ts';

/** .NET shows this for a message that never expires. */
const never = '9999-12-31T23:59:59.9999999+00:00';

/** What the function is handed for one message (`cardinality` one). */
export function serviceBusInput(fn: ServiceBusFunction, message: ServiceBusReceivedMessage): InvocationInput {
  const bytes = bodyBytes(message.body);
  const triggerMetadata = metadataOf(message);
  if (!fn.binary) overwriteFromBody(triggerMetadata, bytes.toString('utf8'));
  const data = fn.binary ? { bytes } : { string: bytes.toString('utf8') };
  const traceContext = messageSpan(message.applicationProperties);
  return { inputData: [{ name: fn.input, data }], triggerMetadata, traceContext };
}

/** What the function is handed for a batch (`cardinality` many). A batch's metadata is not overwritten by bodies, and it begins a trace: its messages are of many. */
export function serviceBusBatchInput(fn: ServiceBusFunction, messages: ServiceBusReceivedMessage[]): InvocationInput {
  const bodies = messages.map((message) => bodyBytes(message.body));
  const data: RpcTypedData = fn.binary
    ? { collectionBytes: { bytes: bodies } }
    : { collectionString: { string: bodies.map((body) => body.toString('utf8')) } };
  return { inputData: [{ name: fn.input, data }], triggerMetadata: batchMetadataOf(messages) };
}

/** What the function is handed when a person runs it by hand. */
export function serviceBusInputOfText(fn: ServiceBusFunction, text: string): InvocationInput {
  const data: RpcTypedData = fn.batch ? { collectionString: { string: [text] } } : { string: text };
  return { inputData: [{ name: fn.input, data }], triggerMetadata: {} };
}

/** The body's bytes. The receivers are told not to parse, so a data section comes as a Buffer; others are made text. */
function bodyBytes(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (body instanceof Uint8Array) return Buffer.from(body);
  if (body === undefined || body === null) return Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

const json = (value: unknown): RpcTypedData => ({ json: JSON.stringify(value) });

/**
 * The metadata of the extension 5.x for one message. Texts go as `string`, which the library JSON-parses, so that a
 * messageId `12345` becomes a number. The delivery count is .NET's: one more than the client for JavaScript shows.
 */
function metadataOf(message: ServiceBusReceivedMessage): Record<string, RpcTypedData> {
  const metadata: Record<string, RpcTypedData> = {
    DeliveryCount: { int: (message.deliveryCount ?? 0) + 1 },
    SequenceNumber: { int: message.sequenceNumber?.toNumber() ?? 0 },
    ExpiresAtUtc: json(message.expiresAtUtc ?? never),
    ExpiresAt: json(message.expiresAtUtc ?? never),
    ApplicationProperties: json(message.applicationProperties ?? {}),
    UserProperties: json(message.applicationProperties ?? {}),
  };
  if (message.enqueuedTimeUtc) {
    metadata.EnqueuedTimeUtc = json(message.enqueuedTimeUtc);
    metadata.EnqueuedTime = json(message.enqueuedTimeUtc);
  }
  for (const [name, value] of Object.entries(textsOf(message)))
    if (value !== undefined) metadata[name] = { string: value };
  for (const name of [
    'MessageReceiver',
    'MessageSession',
    'MessageActions',
    'SessionActions',
    'ReceiveActions',
    'Client',
  ]) {
    metadata[name] = json({});
  }
  return metadata;
}

function textsOf(message: ServiceBusReceivedMessage): Record<string, string | undefined> {
  const text = (value: unknown): string | undefined =>
    value === undefined || value === null ? undefined : String(value);
  return {
    MessageId: text(message.messageId),
    LockToken: text(message.lockToken),
    DeadLetterSource: text(message.deadLetterSource),
    ContentType: text(message.contentType),
    ReplyTo: text(message.replyTo),
    To: text(message.to),
    Subject: text(message.subject),
    Label: text(message.subject),
    CorrelationId: text(message.correlationId),
    SessionId: text(message.sessionId),
    ReplyToSessionId: text(message.replyToSessionId),
    PartitionKey: text(message.partitionKey),
  };
}

/** .NET's readers of JSON take 64 levels by default: a deeper body is to them no JSON at all. */
const MOST_LEVELS = 64;

/** Level by level, since a value nested thousands deep ends whatever recurses into it. */
function isTooDeep(body: object): boolean {
  let level: object[] = [body];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) return true;
    level = level
      .flatMap((each): unknown[] => Object.values(each))
      .filter((each): each is object => typeof each === 'object' && each !== null);
  }
  return false;
}

/**
 * A body that is a JSON object overwrites: every top-level property that is neither null nor an array replaces the
 * metadata of that name, ignoring case, or is added. So a sender can forge `messageId` and `deliveryCount`.
 */
function overwriteFromBody(metadata: Record<string, RpcTypedData>, text: string): void {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body) || isTooDeep(body)) return;
  const known = new Map(Object.keys(metadata).map((name) => [name.toLowerCase(), name]));
  for (const [name, value] of Object.entries(body)) {
    if (value !== null && !Array.isArray(value)) metadata[known.get(name.toLowerCase()) ?? name] = json(value);
  }
}

/**
 * The metadata of a batch: the single names with `Array` behind. Lists of texts lose their empty entries, so entry i need
 * not belong to message i; sequence numbers come as 64-bit pairs, not as numbers.
 */
function batchMetadataOf(messages: ServiceBusReceivedMessage[]): Record<string, RpcTypedData> {
  const metadata: Record<string, RpcTypedData> = {
    DeliveryCountArray: json(messages.map((message) => (message.deliveryCount ?? 0) + 1)),
    SequenceNumberArray: { collectionSint64: { sint64: messages.map((message) => message.sequenceNumber) } },
    EnqueuedTimeUtcArray: json(messages.map((message) => message.enqueuedTimeUtc)),
    EnqueuedTimeArray: json(messages.map((message) => message.enqueuedTimeUtc)),
    ExpiresAtUtcArray: json(messages.map((message) => message.expiresAtUtc ?? never)),
    ExpiresAtArray: json(messages.map((message) => message.expiresAtUtc ?? never)),
    ApplicationPropertiesArray: json(messages.map((message) => message.applicationProperties ?? {})),
    UserPropertiesArray: json(messages.map((message) => message.applicationProperties ?? {})),
  };
  const texts = messages.map(textsOf);
  for (const name of Object.keys(texts[0] ?? {})) {
    const present = texts.map((one) => one[name]).filter((value) => value !== undefined && value !== '');
    metadata[`${name}Array`] = { collectionString: { string: present as string[] } };
  }
  return metadata;
}
