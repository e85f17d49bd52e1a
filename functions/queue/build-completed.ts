import { acceptBuild } from '../../shared/use-cases/accept-build.ts';
import { decodeBuildCompleted } from '../../shared/wire/builds/warmswap.ts';
import { inputIdOf } from '../../shared/wire/ids.ts';
import { queueHandler } from './queue-handler.ts';

export const buildCompleted = queueHandler('builds', decodeBuildCompleted, (ports, completed) =>
  acceptBuild(ports, completed, (lane) => inputIdOf(lane, completed.event.source, completed.event.id)),
);
