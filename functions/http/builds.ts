import { acceptBuild } from '../../shared/use-cases/accept-build.ts';
import { decodeBuildCompleted } from '../../shared/wire/builds/warmswap.ts';
import type { IgnoredAnswer } from '../../shared/wire/http/answers.ts';
import { inputIdOf } from '../../shared/wire/ids.ts';
import { runtime } from '../runtime.ts';
import { continuing, scope } from '../scope.ts';
import type { Handler } from './answer.ts';
import { accepted, json, problem } from './problem.ts';
import { readCapped } from './read-body.ts';

/** A finished build, as a CloudEvent: the same as a message to the queue `builds`. */
export const postBuild: Handler = async ({ request }) => {
  const body = await readCapped(request, 200_000);
  const completed = decodeBuildCompleted(body);
  if (!completed.ok) return problem(400, completed.why);
  const { source, id } = completed.value.event;
  const ports = await runtime.ports();
  const outcome = await scope.within(continuing(body), async () => {
    const told = await acceptBuild(ports, completed.value, (lane) => inputIdOf(lane, source, id));
    ports.log.info('builds', { ...told });
    return told;
  });
  return outcome.accepted ? accepted(outcome.input) : json({ ignored: outcome.because } satisfies IgnoredAnswer);
};
