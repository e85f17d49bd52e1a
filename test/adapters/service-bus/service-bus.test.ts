import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bus, openBus } from '../../../shared/adapters/service-bus/bus.ts';
import { errorReportOutbox, eventOutbox, inbox, packageOrders } from '../../../shared/adapters/service-bus/outboxes.ts';
import { replayer } from '../../../shared/adapters/service-bus/replayer.ts';
import type { Input } from '../../../shared/lane/input.ts';
import type { DeploymentId, InputId, LaneId, Sha256 } from '../../../shared/lane/words.ts';
import { LastingFailure, Unavailable, Unreadable } from '../../../shared/ports.ts';
import type { Trace } from '../../../shared/trace.ts';
import { decodeInput } from '../../../shared/wire/inputs.ts';
import { decodeOrder } from '../../../shared/wire/orders.ts';
import { type LocalBus, startBus } from '../../local-azure.ts';
import { noCredential } from '../no-credential.ts';

let broker: LocalBus;
/** What is handled just now, as its sender told it. */
let trace: Trace | null = null;
let bus: Bus;
let client: ServiceBusClient;
beforeAll(async () => {
  broker = await startBus();
  bus = openBus({ connectionString: broker.connectionString }, noCredential, () => trace);
  client = new ServiceBusClient(broker.connectionString);
});
afterAll(async () => {
  await bus.close();
  await client.close();
  await broker.close();
});

let lanes = 0;
function freshLane(): LaneId {
  lanes += 1;
  return `shop-${lanes}@production` as LaneId;
}
const wake = (lane: LaneId, step: number): Input => ({
  id: `${lane}~wake${step}` as InputId,
  lane,
  type: 'wake',
  step,
});

async function received(
  entity: string | [string, string],
  session?: string,
  waitMs = 4_000,
): Promise<ServiceBusReceivedMessage[]> {
  const [topic, subscription] = Array.isArray(entity) ? entity : [];
  const receiver =
    topic !== undefined && subscription !== undefined
      ? await client.acceptSession(topic, subscription, session ?? '')
      : session !== undefined
        ? await client.acceptSession(String(entity), session)
        : client.createReceiver(String(entity));
  const messages = await receiver.receiveMessages(10, { maxWaitTimeInMs: waitMs });
  for (const message of messages) await receiver.completeMessage(message);
  await receiver.close();
  return messages;
}

test('an input arrives in the session of its lane, with its attempt, and can be decoded', async () => {
  const lane = freshLane();
  await inbox(bus).send(wake(lane, 3), { purpose: '~2', attempt: 4 });
  const [message] = await received('lanes', lane);
  expect(message).toMatchObject({ messageId: `${lane}~wake3~2`, sessionId: lane, contentType: 'application/json' });
  expect(decodeInput(message?.body)).toEqual({ ok: true, value: { input: wake(lane, 3), attempt: 4 } });
});

test('the same sending twice arrives once, another purpose arrives as well', async () => {
  const lane = freshLane();
  for (const purpose of ['', '', '~2', '~2', '~sweep1']) await inbox(bus).send(wake(lane, 1), { purpose });
  expect((await received('lanes', lane)).map(({ messageId }) => messageId)).toEqual([
    `${lane}~wake1`,
    `${lane}~wake1~2`,
    `${lane}~wake1~sweep1`,
  ]);
});

test('a scheduled input does not arrive before it is due', async () => {
  const lane = freshLane();
  const at = new Date(Date.now() + 8_000);
  await inbox(bus).send(wake(lane, 1), { purpose: '', at });
  await inbox(bus).send(wake(lane, 2), { purpose: '' });
  expect((await received('lanes', lane)).map(({ messageId }) => messageId)).toEqual([`${lane}~wake2`]);
  const [late] = await received('lanes', lane, 20_000);
  expect(late?.messageId).toBe(`${lane}~wake1`);
  expect(Date.now()).toBeGreaterThanOrEqual(at.getTime());
});

test('orders, reports and events go to their own entities', async () => {
  const order = {
    lane: freshLane(),
    deployment: '0mf0aaaaa-abcdefgh' as DeploymentId,
    attempt: 1,
    url: 'https://ci.example/shop.zip',
    sha256: 'a'.repeat(64) as Sha256,
  };
  await packageOrders(bus).order(order, { purpose: '~3', attempt: 2 });
  const [ordered] = await received('packages');
  expect(ordered?.messageId).toBe(`${order.lane}~${order.deployment}~package1~3`);
  expect(decodeOrder(ordered?.body)).toEqual({ ok: true, value: { order, attempt: 2 } });

  await errorReportOutbox(bus, () => trace).send({ id: 'probe' }, 'probe-1');
  expect(await received('error-reports')).toMatchObject([{ messageId: 'probe-1', body: { id: 'probe' } }]);

  const subject = `${order.lane}!${'f'.repeat(200)}`;
  const event = {
    id: 'e1',
    type: 'io.warmswap.deployment.changed',
    subject,
    time: new Date(),
    data: { n: 1 },
  } as const;
  await eventOutbox(bus, () => trace).publish(event);
  await eventOutbox(bus, () => trace).publish(event, { purpose: '~2' });
  const session = await client.acceptNextSession('deployment-events', 'slack', { maxAutoLockRenewalDurationInMs: 0 });
  expect(session.sessionId.length).toBeLessThanOrEqual(128);
  const messages = await session.receiveMessages(2, { maxWaitTimeInMs: 2_000 });
  await session.close();
  expect(messages).toMatchObject([
    { messageId: 'e1', body: { id: 'e1', subject, data: { n: 1 }, specversion: '1.0' } },
    { messageId: 'e1~2', body: { id: 'e1' } },
  ]);
});

test('a replay is byte for byte what was received', async () => {
  const raw = '{"broken": ["\\u0000é';
  await replayer(bus).replay('builds', raw, 'letter1~replay1');
  const [message] = await received('builds');
  expect(message?.messageId).toBe('letter1~replay1');
  expect(String(message?.body)).toBe(raw);

  const lane = freshLane();
  const input = JSON.stringify({ data: { form: 1, attempt: 0, input: wake(lane, 5) } });
  await replayer(bus).replay('lanes/dead-letter', input, 'letter2~replay1');
  expect(decodeInput((await received('lanes', lane))[0]?.body)).toMatchObject({ ok: true });
});

test('what has no way back is said so', async () => {
  await expect(replayer(bus).replay('http', '{}', 'x')).rejects.toBeInstanceOf(Unreadable);
  await expect(replayer(bus).replay('constructor', '{}', 'x')).rejects.toBeInstanceOf(Unreadable);
  await expect(replayer(bus).replay('lanes', '{"data":', 'x')).rejects.toBeInstanceOf(Unreadable);
});

test('a message that is too large is a lasting failure, a broker that is away is not', async () => {
  await expect(bus.send('builds', { messageId: 'big', body: Buffer.alloc(2_000_000) })).rejects.toBeInstanceOf(
    LastingFailure,
  );
  await expect(bus.send('no-such-queue', { messageId: 'a', body: {} })).rejects.toBeInstanceOf(Unavailable);
  const nowhere = openBus(
    {
      connectionString: 'Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=k;SharedAccessKey=k;UseDevelopmentEmulator=true',
    },
    noCredential,
    () => null,
  );
  const started = Date.now();
  await expect(nowhere.send('builds', { messageId: 'a', body: {} })).rejects.toBeInstanceOf(Unavailable);
  expect(Date.now() - started).toBeLessThan(20_000);
  await nowhere.close();
});

test('a message names the trace it continues beside its body, a CloudEvent of ours in itself as well', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  trace = { traceparent, tracestate: 'rojo=00f067aa0ba902b7' };
  const lane = freshLane();
  await inbox(bus).send(wake(lane, 1), { purpose: '' });
  await errorReportOutbox(bus, () => trace).send({ specversion: '1.0', id: 'probe' }, 'probe-2');
  trace = null;
  await inbox(bus).send(wake(lane, 2), { purpose: '' });
  const [traced, plain] = [...(await received('lanes', lane)), ...(await received('lanes', lane))];
  expect(traced?.applicationProperties).toEqual({
    'Diagnostic-Id': traceparent,
    traceparent,
    tracestate: 'rojo=00f067aa0ba902b7',
  });
  expect(JSON.stringify(traced?.body)).not.toContain('0af7651916cd43dd8448eb211c80319c');
  expect(plain?.applicationProperties ?? {}).toEqual({});
  const [probe] = await received('error-reports');
  expect(probe?.body).toEqual({ specversion: '1.0', id: 'probe', traceparent, tracestate: 'rojo=00f067aa0ba902b7' });
});
