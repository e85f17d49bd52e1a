import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningPart } from '../part.ts';
import { publishedIn } from './cloud-event.ts';
import { Deliveries, type Subscription } from './deliveries.ts';

export interface EventGridConfig {
  port: number;
  /** Of whoever publishes: the header `aeg-sas-key`. */
  key: string;
  subscriptions: Subscription[];
}

export interface EventGridAddresses {
  /** Where events are published: the topic's own address on Azure. */
  endpoint: string;
}

/** What one request may hold. */
const MOST_BYTES = 1024 * 1024;

/**
 * A topic of Event Grid with its subscriptions: events are published to it by POST, one (`application/cloudevents+json`) or many
 * (`application/cloudevents-batch+json`), and delivered to queues of Service Bus. It answers before it delivers.
 */
export async function startEventGrid(config: EventGridConfig): Promise<RunningPart<EventGridAddresses>> {
  const deliveries = new Deliveries(config.subscriptions);
  const server = createServer((request, response) => {
    answer(config, deliveries, request).then(
      ({ status, message }) => refuseOrAccept(response, status, message),
      () => response.destroy(),
    );
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(config.port, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    addresses: { endpoint: `http://127.0.0.1:${port}/api/events` },
    async close() {
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      });
      await deliveries.close();
    },
  };
}

async function answer(
  config: EventGridConfig,
  deliveries: Deliveries,
  request: IncomingMessage,
): Promise<{ status: number; message?: string }> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (pathname !== '/api/events') return { status: 404, message: 'there is only /api/events' };
  if (request.method !== 'POST') return { status: 405, message: 'events are published with POST' };
  if (!isSame(String(request.headers['aeg-sas-key'] ?? ''), config.key))
    return { status: 401, message: 'aeg-sas-key is missing or wrong' };
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/cloudevents(-batch)?\+json\b/.test(type))
    return { status: 415, message: 'the content type is not one of CloudEvents' };
  const body = await read(request);
  if (body === undefined) return { status: 413, message: `a request holds at most ${MOST_BYTES} bytes` };
  const events = publishedIn(body, type.includes('-batch'));
  if (events === undefined) return { status: 400, message: 'the body is not made of events of CloudEvents 1.0' };
  for (const event of events) deliveries.deliver(event);
  return { status: 200 };
}

function refuseOrAccept(response: ServerResponse, status: number, message: string | undefined): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(message === undefined ? '' : JSON.stringify({ error: { code: String(status), message } }));
}

async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  return size > MOST_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

/** Compared as digests, so that neither length nor content can be learnt from the time it takes. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
