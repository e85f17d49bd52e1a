import type { InvocationContext } from '@azure/functions';
import { appendErrors, ERROR_REPORTS } from '../../shared/use-cases/append-errors.ts';
import { storeDeadLetter } from '../../shared/use-cases/dead-letters.ts';
import { decodeErrorMessage } from '../../shared/wire/errors/warmswap.ts';
import { textToKeep } from '../../shared/wire/json.ts';
import { faultOf, logOf } from '../log.ts';
import { runtime } from '../runtime.ts';

/**
 * Error reports, many messages at a time and many reports in a message: one append for the whole batch. What cannot be read is
 * stored with its reason and never keeps the rest from being counted. This path loads the tables and nothing else.
 */
export async function errorReports(messages: unknown, context: InvocationContext): Promise<void> {
  const log = logOf(context);
  try {
    const ports = await runtime.ports();
    const batch = Array.isArray(messages) ? messages : [messages];
    const read = batch.flatMap((message) => decodeErrorMessage(message).map((decoded) => ({ message, decoded })));
    for (const { message, decoded } of read) {
      if (!decoded.ok) await storeDeadLetter(ports, ERROR_REPORTS, textToKeep(message), decoded.why);
      else
        for (const { why, raw } of decoded.value.faults)
          await storeDeadLetter(ports, ERROR_REPORTS, textToKeep(raw), why);
    }
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
