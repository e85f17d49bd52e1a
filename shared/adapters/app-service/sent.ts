import type { WebAppsGetSlotOptionalParams } from '@azure/arm-appservice';
import type { IntentId } from '../../lane/words.ts';
import type { Sent } from '../../ports.ts';
import { retryAtOf } from '../http/retry-after.ts';
import { statusOf } from './arm-errors.ts';

/** What every call of the client takes. */
export type CallOptions = WebAppsGetSlotOptionalParams;

/** How an act's one answer is read: the status and the headers, whatever the client makes of the body. */
export interface Answered {
  status: number;
  header(name: string): string | null;
}

/** A definite no; nothing was begun. 408 is none: the service may have read the request. */
export const isRefusal = (status: number): boolean => status >= 400 && status < 500 && status !== 408;

/** Rule 3 of DESIGN §6 for an answer that is no success. */
export function notAccepted(status: number | null, message: string, retryAfter?: string | null): Sent {
  if (status === null || !isRefusal(status)) return { end: 'unknown', because: message };
  return {
    end: 'refused',
    because: message,
    ...(status === 429 ? { retryAt: retryAtOf(retryAfter) ?? new Date(Date.now() + 30_000) } : {}),
  };
}

/**
 * Sends one request of an act through the ARM client and tells how it ended. `send` passes the options on to the one call it
 * makes, and gives the poller's token where there is one. What is not a definite answer is unknown: nothing here tries again.
 */
export async function sentOnce(
  intent: IntentId,
  deadlineMs: number,
  send: (options: CallOptions) => Promise<{ token: string | null }>,
): Promise<Sent> {
  let answered: Answered | null = null;
  const options: CallOptions = {
    abortSignal: AbortSignal.timeout(deadlineMs),
    requestOptions: { headers: { 'x-ms-client-request-id': intent } },
    onResponse: (raw) => {
      answered = { status: raw.status, header: (name) => raw.headers.get(name) ?? null };
    },
  };
  try {
    const { token } = await send(options);
    return accepted(answered, token);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const status = statusOf(error) ?? statusIn(answered);
    // The client fails on a success whose body it did not expect; the service has taken the request all the same.
    if (status !== null && status >= 200 && status < 300) return accepted(answered, null);
    return notAccepted(status, message, headerIn(answered, 'retry-after'));
  }
}

const statusIn = (answered: Answered | null): number | null => answered?.status ?? null;
const headerIn = (answered: Answered | null, name: string): string | null => answered?.header(name) ?? null;

function accepted(answered: Answered | null, token: string | null): Sent {
  const complete = statusIn(answered) !== null && statusIn(answered) !== 202;
  // Without an address to poll the client takes a 202 for the end, which it is not.
  const canBePolled = headerIn(answered, 'location') !== null || headerIn(answered, 'azure-asyncoperation') !== null;
  return { end: 'done', value: { token: complete || !canBePolled ? null : token, complete } };
}
