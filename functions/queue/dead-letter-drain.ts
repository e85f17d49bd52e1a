import { app, type InvocationContext } from '@azure/functions';
import { announceDeadLetter, storeDeadLetter } from '../../shared/use-cases/dead-letters.ts';
import { textToKeep } from '../../shared/wire/json.ts';
import { logOf } from '../log.ts';
import { runtime } from '../runtime.ts';
import { connection } from './queue.ts';

const reason = 'given up by Service Bus after its last delivery; the log of the function says why';

const drain =
  (source: string) =>
  async (message: unknown, context: InvocationContext): Promise<void> => {
    const ports = await runtime.ports();
    const letter = await storeDeadLetter(ports, source, textToKeep(message), reason);
    await announceDeadLetter(ports, letter);
    logOf(context).error('drained a dead letter', { source, id: letter.id });
  };

/** What a queue gave up is kept where it can be listed and replayed, instead of in a place nobody looks at. */
for (const queue of ['builds', 'error-reports', 'packages', 'lanes']) {
  app.serviceBusQueue(`drain-${queue}`, { connection, queueName: `${queue}/$DeadLetterQueue`, handler: drain(queue) });
}
app.serviceBusTopic('drain-slack', {
  connection,
  topicName: 'deployment-events',
  subscriptionName: 'slack/$DeadLetterQueue',
  handler: drain('slack'),
});
