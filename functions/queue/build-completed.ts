import { app } from '@azure/functions';
import { acceptBuild } from '../../shared/use-cases/accept-build.ts';
import { decodeBuildCompleted } from '../../shared/wire/builds/warmswap.ts';
import { inputIdOf } from '../../shared/wire/ids.ts';
import { connection, queueHandler } from './queue.ts';

/** A finished build: it goes through the door of its lane. */
app.serviceBusQueue('build-completed', {
  connection,
  queueName: 'builds',
  handler: queueHandler('builds', decodeBuildCompleted, (ports, completed) =>
    acceptBuild(ports, completed, (lane) => inputIdOf(lane, completed.event.source, completed.event.id)),
  ),
});
