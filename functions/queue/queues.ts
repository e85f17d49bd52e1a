import { app } from '@azure/functions';
import { lazily } from '../lazily.ts';

// Function names hold letters alone: the setting that disables a function carries its name, and on Linux the name of a setting
// cannot hold a hyphen (Azure/Azure-Functions issue 2132).

/** The setting all Service Bus triggers connect by; see README, settings. */
const connection = 'ServiceBus';

/** A finished build: it goes through the door of its lane. */
app.serviceBusQueue('buildCompleted', {
  connection,
  queueName: 'builds',
  handler: lazily(async () => (await import('./build-completed.ts')).buildCompleted),
});

/** Error reports, many messages at a time. */
app.serviceBusQueue('errorReports', {
  connection,
  queueName: 'error-reports',
  cardinality: 'many',
  handler: lazily(async () => (await import('./error-report.ts')).errorReports),
});

/** The one door of every lane: session = lane, so that one input at a time is decided. */
app.serviceBusQueue('laneInput', {
  connection,
  queueName: 'lanes',
  isSessionsEnabled: true,
  handler: lazily(async () => (await import('./lane-input.ts')).laneInput),
});

/** The one long step, on a queue without sessions: copying an artefact into our container. */
app.serviceBusQueue('packageOrder', {
  connection,
  queueName: 'packages',
  handler: lazily(async () => (await import('./package-order.ts')).packageOrder),
});

/** Event Grid tells that a site's slots were swapped: its lane looks soon, and not only at its next patrol. */
app.serviceBusQueue('siteEvent', {
  connection,
  queueName: 'site-events',
  handler: lazily(async () => (await import('./site-event.ts')).siteEvent),
});

/** Slack is one subscription of what we publish: session = subject, so that one message at a time is brought up to date. */
app.serviceBusTopic('notice', {
  connection,
  topicName: 'deployment-events',
  subscriptionName: 'slack',
  isSessionsEnabled: true,
  handler: lazily(async () => (await import('./notice.ts')).notice),
});

/** What a queue gave up is kept where it can be listed and replayed, instead of in a place nobody looks at. */
const drained = (source: string) => lazily(async () => (await import('./dead-letter-drain.ts')).drain(source));
const deadLetterQueues = [
  ['drainBuilds', 'builds'],
  ['drainErrorReports', 'error-reports'],
  ['drainPackages', 'packages'],
  ['drainLanes', 'lanes'],
  ['drainSiteEvents', 'site-events'],
] as const;
for (const [name, queue] of deadLetterQueues) {
  app.serviceBusQueue(name, {
    connection,
    queueName: `${queue}/$DeadLetterQueue`,
    handler: drained(queue),
  });
}
app.serviceBusTopic('drainSlack', {
  connection,
  topicName: 'deployment-events',
  subscriptionName: 'slack/$DeadLetterQueue',
  handler: drained('slack'),
});
