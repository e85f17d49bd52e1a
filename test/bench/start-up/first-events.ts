import { createHash } from 'node:crypto';
import type { InvocationContext } from '@azure/functions';
import type { Core } from '../../../infra/local/functions-host/core-module.ts';

/** The functions whose first event is looked at: what comes most, on instances that are started for nothing else. */
export const FIRST_EVENTS = ['errorReports', 'postErrors', 'postMarker'] as const;
export type FirstEvent = (typeof FIRST_EVENTS)[number];

const token = 'a-token-for-the-bench';
/** The app setting that lets the first events in. */
export const tokens = JSON.stringify([
  { name: 'bench', sha256: createHash('sha256').update(token).digest('hex'), rights: ['report'] },
]);

const occurredAt = new Date().toISOString();
const errorReported = {
  specversion: '1.0',
  type: 'io.warmswap.error.reported',
  source: '/bench/start-up',
  id: 'first',
  data: {
    app: 'bench0',
    environment: 'production',
    version: '1.0.0',
    occurredAt,
    level: 'error',
    exceptions: [{ type: 'TypeError', message: 'x is undefined', frames: [{ function: 'price', file: 'basket.js' }] }],
  },
};
const marker = { app: 'bench0', environment: 'production', kind: 'deploy', version: '1.0.0', liveAt: occurredAt };

const posted = (path: string, body: object): object =>
  Object.assign(
    new Request(`http://127.0.0.1/api/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
    { params: {}, query: new URLSearchParams() },
  );

const events: Record<FirstEvent, () => unknown> = {
  errorReports: () => [errorReported],
  postErrors: () => posted('errors', errorReported),
  postMarker: () => posted('markers', marker),
};

/** Hands a function its first event, as the library hands it on. Throws where it is not taken. */
export async function handFirst(name: FirstEvent, { functions }: Core): Promise<void> {
  const found = functions.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`there is no function ${name}`);
  const handler = found.callback as (event: unknown, context: InvocationContext) => Promise<unknown>;
  const said: unknown[] = [];
  const context = { invocationId: 'bench', log: () => undefined, error: (text: unknown) => void said.push(text) };
  const answer = await handler(events[name](), context as unknown as InvocationContext);
  const status = (answer as { status?: number } | undefined)?.status ?? 200;
  if (status >= 300 || said.length > 0) throw new Error(`${name} did not take its first event: ${status} ${said}`);
}
