import { replayDeadLetter } from '../../shared/use-cases/dead-letters.ts';
import type { ReplayedAnswer } from '../../shared/wire/http/answers.ts';
import { deadLetterView, wholeDeadLetterView } from '../../shared/wire/http/dead-letter-view.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';
import { mostOf } from './asked.ts';
import { json, notFound, problem } from './problem.ts';

/** `?source=`: the queue they came from; newest first. */
export const listDeadLetters: Handler = async (asked) => {
  const ports = await runtime.ports();
  return json({
    deadLetters: (await ports.deadLetters.list(asked.query('source'), mostOf(asked))).map(deadLetterView),
  });
};

export const getDeadLetter: Handler = async ({ param }) => {
  const letter = await (await runtime.ports()).deadLetters.get(param('source'), param('id'));
  return letter === null ? notFound() : json(wholeDeadLetterView(letter));
};

/** Sends it again to where it came from, once its reason is gone. */
export const postReplay: Handler = async ({ param }) => {
  const ports = await runtime.ports();
  if ((await ports.deadLetters.get(param('source'), param('id'))) === null) return notFound();
  const replayed = await replayDeadLetter(ports, param('source'), param('id'));
  return replayed.replayed
    ? json({ replayed: replayed.count } satisfies ReplayedAnswer, 202)
    : problem(409, replayed.because);
};
