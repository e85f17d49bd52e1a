import { notify } from '../../shared/use-cases/notify.ts';
import { decodeOutgoingEvent } from '../../shared/wire/events.ts';
import { renderer } from '../renderer.ts';
import { queueHandler } from './queue-handler.ts';

export const notice = queueHandler('slack', decodeOutgoingEvent, async (ports, event) =>
  notify(ports, event, await renderer()),
);
