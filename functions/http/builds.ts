import { acceptBuild } from '../../shared/use-cases/accept-build.ts';
import { decodeBuildCompleted } from '../../shared/wire/builds/warmswap.ts';
import type { IgnoredAnswer } from '../../shared/wire/http/answers.ts';
import { inputIdOf } from '../../shared/wire/ids.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';
import { accepted, json, problem } from './problem.ts';
import { readCapped } from './read-body.ts';

/** A finished build, as a CloudEvent: the same as a message to the queue `builds`. */
export const postBuild: Handler = async ({ request }) => {
  const completed = decodeBuildCompleted(await readCapped(request, 200_000));
  if (!completed.ok) return problem(400, completed.why);
  const { source, id } = completed.value.event;
  const outcome = await acceptBuild(await runtime.ports(), completed.value, (lane) => inputIdOf(lane, source, id));
  return outcome.accepted ? accepted(outcome.input) : json({ ignored: outcome.because } satisfies IgnoredAnswer);
};
