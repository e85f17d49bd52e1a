import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { laneId } from '../../shared/lane/words.ts';
import { hintIdOf } from '../../shared/wire/ids.ts';
import { appsYaml } from './apps-yaml.ts';
import { eventually } from './eventually.ts';
import { listIn, type RunningService, startAlone } from './service.ts';

let service: RunningService;

beforeAll(async () => {
  service = await startAlone({ apps: appsYaml });
});
afterAll(async () => {
  await service.close();
});

const siteOf = (name: string): string =>
  `/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/shop/providers/Microsoft.Web/sites/${name}`;

const event = (more: object = {}) => ({
  specversion: '1.0',
  id: randomUUID(),
  source: siteOf('shop'),
  subject: '/Microsoft.Web/sites/shop',
  type: 'Microsoft.Web.SlotSwapCompleted',
  data: { name: 'shop', clientRequestId: randomUUID(), sourceSlot: 'staging', targetSlot: 'production' },
  ...more,
});

/** The facts of the log lines that say `what`. */
const said = (what: string): Record<string, unknown>[] =>
  service.log().flatMap(({ message }) => {
    const line: Record<string, unknown> = message.startsWith('{') ? JSON.parse(message) : {};
    return line.what === what ? [line] : [];
  });

const letters = async (): Promise<Record<string, unknown>[]> =>
  listIn(await service.ask('GET', '/api/v1/dead-letters?source=site-events', { as: 'read' }), 'deadLetters');

test('an event of a site becomes an input of its lane, in either form, alone or in a list', async () => {
  const { source: _, specversion: __, type, ...others } = event();
  const byGrid = { ...others, topic: siteOf('DESK').toUpperCase(), eventType: type, dataVersion: '1' };
  await service.send('site-events', event());
  await service.send('site-events', [event({ source: siteOf('shop-preview') }), byGrid]);
  const inputs = await eventually(
    async () => said('lanes').filter(({ input }) => String(input).includes('~site')),
    (lines) => lines.length >= 3,
  );
  expect(new Set(inputs.map(({ lane }) => lane))).toEqual(
    new Set(['shop@production', 'shop@preview', 'desk@production']),
  );
  for (const { decision } of inputs) expect(decision).toBe('applied');
});

test('the same event twice is one input', async () => {
  const preview = { source: siteOf('shop-preview') };
  const twice = event(preview);
  const heardOf = said('site-events').length;
  const before = said('lanes').length;
  await service.send('site-events', twice);
  await service.send('site-events', twice);
  const heard = await eventually(
    async () => said('site-events').length - heardOf,
    (count) => count >= 2,
  );
  expect(heard).toBe(2);
  // In its lane one input follows the other: with the next, both have been met.
  await service.send('site-events', event(preview));
  const inputs = await eventually(
    async () => [
      ...new Set(
        said('lanes')
          .slice(before)
          .flatMap(({ input }) => (String(input).includes('~site') ? [input] : [])),
      ),
    ],
    (ids) => ids.length >= 2,
  );
  expect(inputs).toHaveLength(2);
  expect(said('lanes').filter(({ input }) => input === inputs[0])).toHaveLength(1);
});

test('a request id that looks like one of ours and cannot be is a hint like any other', async () => {
  for (const clientRequestId of ['500000000-a-1', 'zzzzzzzzz-a-1']) {
    const hint = event({ data: { clientRequestId } });
    await service.send('site-events', hint);
    const input = hintIdOf(laneId('shop', 'production'), hint.source, hint.id);
    const inputs = await eventually(
      async () => said('lanes').map((line) => line.input),
      (met) => met.includes(input),
    );
    expect(inputs).toContain(input);
  }
  expect(listIn(await service.ask('GET', '/api/v1/dead-letters?source=lanes', { as: 'read' }), 'deadLetters')).toEqual(
    [],
  );
});

test('a site of nobody, and events of other kinds, are told in the log and kept nowhere', async () => {
  await service.send('site-events', event({ source: siteOf('strange') }));
  await service.send('site-events', event({ type: 'Microsoft.Web.AppUpdated' }));
  const lines = await eventually(
    async () => said('site-events'),
    (all) =>
      all.some(({ unknown }) => String(unknown) === 'strange') &&
      all.some(({ others }) => String(others) === 'Microsoft.Web.AppUpdated'),
  );
  const line = (facts: object) => expect.objectContaining({ what: 'site-events', lanes: [], ...facts });
  expect(lines).toContainEqual(line({ events: 1, unknown: ['strange'], others: [] }));
  expect(lines).toContainEqual(line({ events: 0, unknown: [], others: ['Microsoft.Web.AppUpdated'] }));
  expect(await letters()).toEqual([]);
});

test('what cannot be read is a dead letter with its reason, and can be sent again', async () => {
  await service.send('site-events', event({ source: '/subscriptions/s' }));
  const [letter] = await eventually(letters, (all) => all.length === 1);
  expect(letter).toMatchObject({ source: 'site-events', reason: expect.stringContaining('names no site') });
  const path = `/api/v1/dead-letters/site-events/${String(letter?.id)}/replay`;
  expect((await service.ask('POST', path, { as: 'command', body: {} })).status).toBe(202);
  const again = await eventually(
    async () => said('stored as unreadable').filter(({ source }) => source === 'site-events'),
    (lines) => lines.length >= 2,
  );
  expect(again).toHaveLength(2);
});
