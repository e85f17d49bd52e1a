import { app } from '@azure/functions';
import { receive } from '../../shared/use-cases/receive.ts';
import { decodeInput } from '../../shared/wire/inputs.ts';
import { connection, queueHandler } from './queue.ts';

/** The one door of every lane: session = lane, so that one input at a time is decided. */
app.serviceBusQueue('lane-input', {
  connection,
  queueName: 'lanes',
  isSessionsEnabled: true,
  handler: queueHandler('lanes', decodeInput, (ports, { input, attempt }) => receive(ports, input, attempt)),
});
