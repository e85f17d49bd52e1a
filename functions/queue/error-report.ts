import type { InvocationContext } from '@azure/functions';
import { type Ports, Unavailable } from '../../shared/ports.ts';
import { traceIdOf } from '../../shared/trace.ts';
import { appendErrors, ERROR_REPORTS } from '../../shared/use-cases/append-errors.ts';
import { announceDeadLetter, storeDeadLetter } from '../../shared/use-cases/dead-letters.ts';
import { traceIn } from '../../shared/wire/cloud-event-trace.ts';
import { decodeErrorMessage } from '../../shared/wire/errors/warmswap.ts';
import { textToKeep } from '../../shared/wire/json.ts';
import { faultOf, logOf } from '../log.ts';
import { usablePorts } from './usable-ports.ts';

/** More would make the line longer than it is worth. */
const mostLinks = 50;

/** How long the tables are given, where they do not say. */
const patienceMs = 30_000;

/**
 * Error reports, many messages at a time and many reports in a message: one append for the whole batch. What cannot be read is
 * stored with its reason and never keeps the rest from being counted. This path loads the tables and nothing else.
 */
export async function errorReports(messages: unknown, context: InvocationContext): Promise<void> {
  const log = logOf(context);
  const batch = Array.isArray(messages) ? messages : [messages];
  try {
    const ports = await usablePorts();
    try {
      log.info(ERROR_REPORTS, { ...(await count(ports, batch)), ...linksOf(batch) });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      await sendLater(ports, batch, error);
      log.error('the tables do not answer; the batch is due again', { messages: batch.length, ...faultOf(error) });
    }
  } catch (error) {
    log.error('the batch will come again', { source: ERROR_REPORTS, ...faultOf(error) });
    throw error;
  }
}

/** A batch is of many traces and continues none: those its events name are told instead. */
function linksOf(batch: unknown[]): { links?: string[] } {
  const links = new Set(batch.flatMap((message) => traceIn(message) ?? []).map(traceIdOf));
  return links.size === 0 ? {} : { links: [...links].slice(0, mostLinks) };
}

async function count(ports: Ports, batch: unknown[]): Promise<object> {
  const read = batch.flatMap((message) => decodeErrorMessage(message).map((decoded) => ({ message, decoded })));
  await refuse(
    ports,
    read.flatMap(({ message, decoded }) => (decoded.ok ? decoded.value.faults : [{ why: decoded.why, raw: message }])),
  );
  return appendErrors(
    ports,
    read.flatMap(({ decoded }) => (decoded.ok ? [decoded.value] : [])),
  );
}

/** Thrown, they would come again at once and be given up within seconds; their rows are the same whenever they are written. */
async function sendLater(ports: Ports, batch: unknown[], { retryAt }: Unavailable): Promise<void> {
  const at = retryAt ?? new Date(ports.now().getTime() + patienceMs);
  for (const message of batch) {
    const body = typeof message === 'object' && message !== null ? message : Buffer.from(String(message));
    await ports.errorReports.send(body, `later-${ports.newId()}`, at);
  }
}

/** Each is kept; people are told once of each reason, since a misconfigured sender has thousands. */
async function refuse(ports: Ports, refused: { why: string; raw: unknown }[]): Promise<void> {
  const told = new Set<string>();
  for (const { why, raw } of refused) {
    const letter = await storeDeadLetter(ports, ERROR_REPORTS, textToKeep(raw), why);
    if (!told.has(why)) await announceDeadLetter(ports, letter);
    told.add(why);
  }
}
