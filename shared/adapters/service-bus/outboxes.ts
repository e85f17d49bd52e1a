import type { ErrorReportOutbox, EventOutbox, Inbox, PackageOrders } from '../../ports.ts';
import type { Trace } from '../../trace.ts';
import { withTrace } from '../../wire/cloud-event-trace.ts';
import { toCloudEvent } from '../../wire/events.ts';
import { encodeInput } from '../../wire/inputs.ts';
import { encodeOrder } from '../../wire/orders.ts';
import type { Bus } from './bus.ts';
import { fitting } from './message-id.ts';

/** The session queue `lanes`: one consumer per lane. A repeated message id is dropped in silence, hence the purpose in it. */
export const inbox = (bus: Bus): Inbox => ({
  send: (input, { purpose, at, attempt = 0 }) =>
    bus.send('lanes', {
      messageId: fitting(`${input.id}${purpose}`),
      sessionId: fitting(input.lane),
      body: encodeInput(input, attempt),
      at,
    }),
});

/** The queue `packages`, without sessions: copying is the one long step. */
export const packageOrders = (bus: Bus): PackageOrders => ({
  order: (order, { purpose, at, attempt = 0 }) =>
    bus.send('packages', {
      messageId: fitting(`${order.lane}~${order.deployment}~package${order.attempt}${purpose}`),
      body: encodeOrder(order, attempt),
      at,
    }),
});

/** The queue `error-reports`. What is sent again as it came keeps the trace it came with. */
export const errorReportOutbox = (bus: Bus, trace: () => Trace | null): ErrorReportOutbox => ({
  send: (body, messageId, at) =>
    bus.send('error-reports', { messageId: fitting(messageId), body: withTrace(body, trace()), at }),
});

/** The topic `deployment-events`, one session per subject: its subscribers render one subject at a time. */
export const eventOutbox = (bus: Bus, trace: () => Trace | null): EventOutbox => ({
  publish: (event, { purpose, at } = { purpose: '' }) =>
    bus.send('deployment-events', {
      messageId: fitting(`${event.id}${purpose}`),
      sessionId: fitting(event.subject),
      body: withTrace(toCloudEvent(event), trace()),
      at,
    }),
});
