import type { InvocationContext } from '@azure/functions';
import type { Ports } from '../../shared/ports.ts';
import { appendErrors, ERROR_REPORTS } from '../../shared/use-cases/append-errors.ts';
import { announceDeadLetter, storeDeadLetter } from '../../shared/use-cases/dead-letters.ts';
import { decodeErrorMessage } from '../../shared/wire/errors/warmswap.ts';
import { textToKeep } from '../../shared/wire/json.ts';
import { faultOf, logOf } from '../log.ts';
import { usablePorts } from './usable-ports.ts';

/**
 * Error reports, many messages at a time and many reports in a message: one append for the whole batch. What cannot be read is
 * stored with its reason and never keeps the rest from being counted. This path loads the tables and nothing else.
 */
export async function errorReports(messages: unknown, context: InvocationContext): Promise<void> {
  const log = logOf(context);
  try {
    const ports = await usablePorts();
    const batch = Array.isArray(messages) ? messages : [messages];
    const read = batch.flatMap((message) => decodeErrorMessage(message).map((decoded) => ({ message, decoded })));
    await refuse(
      ports,
      read.flatMap(({ message, decoded }) =>
        decoded.ok ? decoded.value.faults : [{ why: decoded.why, raw: message }],
      ),
    );
    log.info(ERROR_REPORTS, {
      ...(await appendErrors(
        ports,
        read.flatMap(({ decoded }) => (decoded.ok ? [decoded.value] : [])),
      )),
    });
  } catch (error) {
    log.error('the batch will come again', { source: ERROR_REPORTS, ...faultOf(error) });
    throw error;
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
