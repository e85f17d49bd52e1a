import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { providerError } from '../arm/errors.ts';
import { type Answer, type Call, readBody, urlOf, writeAnswer } from '../call.ts';
import type { OnRequest } from '../listener.ts';
import { busy } from '../slots/operations.ts';
import type { Fault, Faults } from './faults.ts';
import type { Received, RequestLog } from './request-log.ts';

export interface Gate {
  log: RequestLog;
  faults: Faults;
  /** True once the part is closing: what was put off is then not taken any more. */
  isClosing: () => boolean;
}

/** Through here goes every call to ARM and Kudu: it is noted, then meets the fault armed for it, or is taken and answered. */
export function gated(
  gate: Gate,
  place: Pick<Received, 'surface' | 'site' | 'slot'>,
  take: (call: Call) => Promise<Answer>,
): OnRequest {
  return (request, response) => {
    pass(gate, place, take, request, response).catch((error: unknown) => {
      console.error(`${place.surface}: ${request.method} ${request.url} ended in an error`, error);
      if (response.headersSent || response.destroyed) return;
      const message = 'There was an unexpected InternalServerError. Please try again later.';
      writeAnswer(response, providerError({ status: 500, code: 'InternalServerError', message }));
    });
  };
}

async function pass(
  { log, faults, isClosing }: Gate,
  place: Pick<Received, 'surface' | 'site' | 'slot'>,
  take: (call: Call) => Promise<Answer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = urlOf(request);
  const method = request.method ?? 'GET';
  const id = request.headers['x-ms-client-request-id'];
  const clientRequestId = typeof id === 'string' ? id : null;
  const received = log.receive({ ...place, method, path: `${url.pathname}${url.search}`, clientRequestId });
  const body = await readBody(request).catch(() => undefined);
  // The caller went away amid its own request: it was never complete, so it is not taken.
  if (body === undefined) return void response.destroy();
  const call: Call = { n: received.n, method, url, headers: request.headers, body };

  const answered = (answer: Answer): Answer => {
    log.note(call.n, { status: answer.status, endedAt: new Date().toISOString() });
    return answer;
  };
  const taken = async (): Promise<Answer> => answered(await take(call));

  const fault = faults.meet(received);
  if (fault === undefined) return writeAnswer(response, await taken());
  log.note(call.n, { fault: fault.fault });
  await suffer(fault, response, { place, answered, taken, isClosing });
}

interface Ways {
  place: Pick<Received, 'surface'>;
  answered: (answer: Answer) => Answer;
  taken: () => Promise<Answer>;
  isClosing: () => boolean;
}

async function suffer(
  fault: Fault,
  response: ServerResponse,
  { place, answered, taken, isClosing }: Ways,
): Promise<void> {
  switch (fault.fault) {
    case 'refuse-409':
      return writeAnswer(response, answered(busyAnswer(place.surface)));
    case 'status':
      return writeAnswer(response, answered({ ...fault }));
    case 'reset-before':
      return void response.destroy();
    case 'reset-after':
      await taken();
      return void response.destroy();
    case 'late':
      response.destroy();
      await sleep(fault.delayMs, undefined, { ref: false });
      if (!isClosing()) await taken();
      return;
    case 'hang':
      return;
    case 'no-location': {
      const { location: _, ...headers } = { ...(await taken()).headers };
      return writeAnswer(response, { status: 202, headers });
    }
    case 'delay':
      await sleep(fault.delayMs, undefined, { ref: false });
      if (!isClosing()) writeAnswer(response, await taken());
      return;
    default:
      throw new Error(`no such fault: ${(fault satisfies never as Fault).fault}`);
  }
}

function busyAnswer(surface: 'arm' | 'kudu'): Answer {
  const other = {
    id: '00000000-0000-0000-0000-000000000000',
    name: 'SwapSiteSlots',
    startedAt: new Date().toISOString(),
  } as const;
  if (surface === 'arm') return providerError(busy(other));
  return { status: 409, body: 'There is a deployment currently in progress. Please try again when it completes.' };
}
