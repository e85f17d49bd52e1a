import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as an app receives it: its exact bytes, and what they say. */
export interface ReceivedRequest {
  path: string;
  headers: IncomingHttpHeaders;
  raw: Buffer;
  form: URLSearchParams;
  /** Of an interaction. */
  payload: Payload;
}

export interface Payload {
  type: string;
  response_url: string;
  trigger_id: string;
  message?: { ts: string; blocks: { block_id: string }[] };
  actions: { action_id: string; value?: string; action_ts: string }[];
  [field: string]: unknown;
}

export interface ReceivingApp {
  interactionsUrl: string;
  commandsUrl: string;
  received: ReceivedRequest[];
  /** How the next requests are answered; without it 200 and nothing. */
  answer: (response: ServerResponse) => void;
  close(): Promise<void>;
}

export const SIGNING_SECRET = 'a signing secret of the tests';

/** An app that is told what people do. */
export async function receivingApp(): Promise<ReceivingApp> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const form = new URLSearchParams(raw.toString('utf8'));
      const payload = JSON.parse(form.get('payload') ?? '{}') as Payload;
      app.received.push({ path: request.url ?? '', headers: request.headers, raw, form, payload });
      app.answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app: ReceivingApp = {
    interactionsUrl: `${origin}/interactions`,
    commandsUrl: `${origin}/commands`,
    received: [],
    answer: (response) => void response.end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return app;
}

/** The signature that belongs to these bytes, as Slack describes it. */
export function signatureOf({ headers, raw }: ReceivedRequest): string {
  const base = Buffer.concat([Buffer.from(`v0:${String(headers['x-slack-request-timestamp'])}:`), raw]);
  return `v0=${createHmac('sha256', SIGNING_SECRET).update(base).digest('hex')}`;
}
