import { notify } from '../../shared/use-cases/notify.ts';
import { decodeOutgoingEvent } from '../../shared/wire/events.ts';
import { slackRenderer } from '../../shared/wire/slack/renderer.ts';
import { runtime } from '../runtime.ts';
import { queueHandler } from './queue-handler.ts';

export const notice = queueHandler('slack', decodeOutgoingEvent, async (ports, event) => {
  const { serviceUrl } = await runtime.settings();
  return notify(ports, event, slackRenderer(serviceUrl));
});
