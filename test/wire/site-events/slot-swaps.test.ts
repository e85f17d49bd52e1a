import { describe, expect, test } from 'vitest';
import { decodeSiteEvents } from '../../../shared/wire/site-events/slot-swaps.ts';

const source =
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/shop/providers/Microsoft.Web/sites/shop';
const site = { subscriptionId: '00000000-0000-0000-0000-0000000000aa', resourceGroup: 'shop', name: 'shop' };

const data = {
  appEventTypeDetail: null,
  name: 'shop',
  clientRequestId: '922f4841-20d9-4dd6-8c5b-23f0d85e5592',
  correlationRequestId: '9ac46505-2b8a-4e06-834c-05ffbe2e8c3a',
  requestId: '765117aa-eaf8-4bd2-a644-1dbf69c7b0fd',
  address: '/websystems/WebSites/web/subscriptions/00/webspaces/w/sites/shop/slots?Command=SWAP&targetSlot=production',
  verb: 'POST',
  sourceSlot: 'staging',
  targetSlot: 'production',
};
const inCloudEvents = (more: object = {}) => ({
  id: '7c5d6de5-eb70-4de2-b788-c52a544e68b8',
  source,
  subject: '/Microsoft.Web/sites/shop',
  type: 'Microsoft.Web.SlotSwapCompleted',
  time: '2026-01-28T18:26:51.7194887Z',
  data,
  specversion: '1.0',
  ...more,
});
const inEventGrid = (more: object = {}) => {
  const { source: topic, type: eventType, time: eventTime, specversion: _, ...others } = inCloudEvents();
  return { ...others, topic, eventType, eventTime, dataVersion: '1', metadataVersion: '1', ...more };
};
const read = { source, id: '7c5d6de5-eb70-4de2-b788-c52a544e68b8', site, request: data.clientRequestId };

describe('one event', () => {
  test.each<[string, unknown]>([
    ['in the form of CloudEvents', inCloudEvents()],
    ['in the form of Event Grid', inEventGrid()],
    ['as text', JSON.stringify(inCloudEvents())],
    ['as bytes', Buffer.from(JSON.stringify(inEventGrid()))],
    ['in a list', [inEventGrid()]],
    ['with fields nobody knows', inCloudEvents({ traceparent: '00-1-2-01', data: { ...data, more: { deep: [1] } } })],
    ['with its data as text', inCloudEvents({ data: JSON.stringify(data) })],
    ['without a time', inCloudEvents({ time: undefined })],
  ])('%s', (_, raw) => {
    expect(decodeSiteEvents(raw)).toEqual({ ok: true, value: { events: [read], others: [] } });
  });

  test.each([
    'Microsoft.Web.SlotSwapStarted',
    'Microsoft.Web.SlotSwapCompleted',
    'Microsoft.Web.SlotSwapFailed',
    'Microsoft.Web.SlotSwapWithPreviewStarted',
    'Microsoft.Web.SlotSwapWithPreviewCancelled',
    'Microsoft.Web/sites.SlotSwapCompleted',
  ])('%s concerns us', (type) => {
    expect(decodeSiteEvents(inCloudEvents({ type }))).toMatchObject({ value: { events: [read] } });
    expect(decodeSiteEvents(inEventGrid({ eventType: type }))).toMatchObject({ value: { events: [read] } });
  });

  test.each<[string, unknown]>([
    ['its data', inCloudEvents({ data: null })],
    ['any data', inCloudEvents({ data: undefined })],
    ['its request', inCloudEvents({ data: { ...data, clientRequestId: null } })],
    ['a request', inCloudEvents({ data: {} })],
    ['an object', inCloudEvents({ data: [1] })],
    ['a request that is an id', inCloudEvents({ data: { clientRequestId: "' or 1 eq 1" } })],
    ['a request that is text', inCloudEvents({ data: { clientRequestId: { id: 1 } } })],
  ])('without %s it is of nobody we know', (_, raw) => {
    expect(decodeSiteEvents(raw)).toEqual({ ok: true, value: { events: [{ ...read, request: null }], others: [] } });
  });

  test.each<[string, object, object]>([
    ['of a slot', { source: `${source}/slots/staging` }, site],
    [
      'in any spelling',
      { source: source.toUpperCase() },
      { subscriptionId: '00000000-0000-0000-0000-0000000000AA', resourceGroup: 'SHOP', name: 'SHOP' },
    ],
    ['named by its subject alone', { source: '/subscriptions/s', subject: source }, site],
  ])('the site %s', (_, more, expected) => {
    expect(decodeSiteEvents(inCloudEvents(more))).toMatchObject({ value: { events: [{ site: expected }] } });
  });
});

test('several in one list, of both forms; others are named and passed over, whatever their data', () => {
  const other = inCloudEvents({ type: 'Microsoft.Web.AppUpdated', source: '/elsewhere', data: 'text' });
  const validation = inEventGrid({ eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', data: [] });
  expect(decodeSiteEvents([inCloudEvents(), other, inEventGrid({ id: '2' }), other, validation])).toEqual({
    ok: true,
    value: {
      events: [read, { ...read, id: '2' }],
      others: ['Microsoft.Web.AppUpdated', 'Microsoft.EventGrid.SubscriptionValidationEvent'],
    },
  });
});

test('no more than twenty other types are named', () => {
  const flood = Array.from({ length: 100 }, (_, index) => inCloudEvents({ type: `Other.${index}` }));
  const { value } = decodeSiteEvents(flood) as { value: { others: string[] } };
  expect(value.others).toHaveLength(20);
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'the whole: is missing'],
  ['empty text', '', 'the body is empty'],
  ['text that is no JSON', 'swap!', 'the text is not JSON'],
  ['a number', 5, 'the whole: expected an object, got a number'],
  ['a list in a list', [[inCloudEvents()]], '[0] the whole: expected an object, got a list'],
  ['no type', inCloudEvents({ type: undefined }), 'type: is missing'],
  ['no id', inCloudEvents({ id: undefined }), 'id: is missing'],
  ['an empty id', inEventGrid({ id: '' }), 'id: must not be empty'],
  ['another CloudEvents', inCloudEvents({ specversion: '0.3' }), 'specversion: expected "1.0"'],
  ['no topic', inEventGrid({ topic: undefined }), 'topic: is missing'],
  ['a source that is no site', inCloudEvents({ source: '/subscriptions/s' }), 'source (or topic): names no site'],
  [
    'the plan and not a site',
    inEventGrid({ topic: source.replace('sites', 'serverfarms') }),
    'source (or topic): names no site',
  ],
  ['data that is text', inCloudEvents({ data: 'swap!' }), 'data: expected an object, got other text'],
  ['too much', 'x'.repeat(1_100_000), 'longer than'],
  ['one bad among good', [inCloudEvents(), inCloudEvents({ source: 5 })], '[1] source: expected text, got a number'],
])('refused: %s', (_, raw, why) => {
  expect(decodeSiteEvents(raw)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
});

test('what is refused is not quoted', () => {
  const read = decodeSiteEvents(inCloudEvents({ source: '/hunter2', subject: 'hunter2' }));
  expect(read).toMatchObject({ ok: false });
  expect(JSON.stringify(read)).not.toContain('hunter2');
});
