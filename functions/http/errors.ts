import { appendErrors } from '../../shared/use-cases/append-errors.ts';
import { decodeErrorMessage } from '../../shared/wire/errors/warmswap.ts';
import type { CountedAnswer } from '../../shared/wire/http/answers.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';
import { json, problem } from './problem.ts';
import { readCapped } from './read-body.ts';

/**
 * Error reports over HTTP. They are appended here and not queued: an append is an upsert of the sender's own rows, so the sender may
 * send again whatever it was answered, and this path loads no messaging library.
 */
export const postErrors: Handler = async ({ request }) => {
  const events = decodeErrorMessage(await readCapped(request, 1_000_000));
  const whys = events.flatMap((event) =>
    event.ok ? event.value.faults.map(({ index, why }) => `data[${index}]: ${why}`) : [event.why],
  );
  const read = events.flatMap((event) => (event.ok ? [event.value] : []));
  if (read.every(({ reports }) => reports.length === 0)) return problem(400, whys.slice(0, 20).join('; '));
  const { reports, deadLetters } = await appendErrors(await runtime.ports(), read);
  return json(
    {
      reports,
      ...(deadLetters > 0 ? { deadLetters } : {}),
      ...(whys.length > 0 ? { refused: whys.slice(0, 20) } : {}),
    } satisfies CountedAnswer,
    202,
  );
};
