import { app } from '@azure/functions';
import { copyPackage } from '../../shared/use-cases/copy-package.ts';
import { decodeOrder } from '../../shared/wire/orders.ts';
import { connection, queueHandler } from './queue.ts';

/** The one long step, on a queue without sessions: copying an artefact into our container. */
app.serviceBusQueue('package-order', {
  connection,
  queueName: 'packages',
  handler: queueHandler('packages', decodeOrder, (ports, { order, attempt }) => copyPackage(ports, order, attempt)),
});
