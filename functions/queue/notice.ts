import { app } from '@azure/functions';
import { notify } from '../../shared/use-cases/notify.ts';
import { decodeOutgoingEvent } from '../../shared/wire/events.ts';
import { slackRenderer } from '../../shared/wire/slack/renderer.ts';
import { runtime } from '../runtime.ts';
import { connection, queueHandler } from './queue.ts';

/** Slack is one subscription of what we publish: session = subject, so that one message at a time is brought up to date. */
app.serviceBusTopic('notice', {
  connection,
  topicName: 'deployment-events',
  subscriptionName: 'slack',
  isSessionsEnabled: true,
  handler: queueHandler('slack', decodeOutgoingEvent, async (ports, event) => {
    const { serviceUrl } = await runtime.settings();
    return notify(ports, event, slackRenderer(serviceUrl));
  }),
});
