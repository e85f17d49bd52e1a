import { expect, test } from 'vitest';
import type { Input } from '../../shared/lane/input.ts';
import type { SiteEvent } from '../../shared/lane/site-event.ts';
import { type LaneId, laneId } from '../../shared/lane/words.ts';
import { type Sending, Unavailable } from '../../shared/ports.ts';
import { tellOfSites } from '../../shared/use-cases/tell-of-sites.ts';
import { hintIdOf } from '../../shared/wire/ids.ts';
import { aPolicy } from '../builders/policy.ts';

const site = aPolicy().site;
const shop = laneId('shop', 'production');
/** Two lanes of one site, and one of another; the policy of each as the owner wrote it. */
const sites = new Map<LaneId, string>([
  [shop, 'shop-prod'],
  [laneId('shop', 'canary'), 'SHOP-prod'],
  [laneId('desk', 'production'), 'desk'],
]);

const event = (more: Partial<SiteEvent> = {}): SiteEvent => ({ source: '/s', id: '1', site, request: null, ...more });

async function told(events: SiteEvent[], others: string[] = [], fails = false) {
  const sent: { input: Input; sending: Sending }[] = [];
  const ports = {
    apps: {
      lanes: () => [...sites.keys()],
      policy: (lane: LaneId) => aPolicy({ site: { ...site, name: sites.get(lane) ?? '' } }),
      defaultEnvironment: () => 'production',
    },
    inbox: {
      send: async (input: Input, sending: Sending) => {
        if (fails) throw new Unavailable('Service Bus does not answer');
        sent.push({ input, sending });
      },
    },
  };
  return { outcome: await tellOfSites(ports, { events, others }, hintIdOf), sent };
}

test('every lane of the site is told, whatever the spelling, and no other', async () => {
  const renamed = { ...site, subscriptionId: site.subscriptionId.toUpperCase(), resourceGroup: 'SHOP' };
  const { outcome, sent } = await told([event({ site: renamed, request: 'r-1' })]);
  expect(outcome).toEqual({ events: 1, lanes: ['shop@production', 'shop@canary'], unknown: [], others: [] });
  expect(sent).toEqual(
    ['shop@production', 'shop@canary'].map((lane) => ({
      input: { id: hintIdOf(lane as LaneId, '/s', '1'), lane, type: 'site-changed', request: 'r-1' },
      sending: { purpose: '' },
    })),
  );
});

test.each(['subscriptionId', 'resourceGroup', 'name'] as const)('another %s is another site', async (key) => {
  const { outcome, sent } = await told([event({ site: { ...site, [key]: 'other' } })], ['Microsoft.Web.AppUpdated']);
  expect(sent).toEqual([]);
  expect(outcome).toMatchObject({ lanes: [], others: ['Microsoft.Web.AppUpdated'] });
  expect(outcome.unknown).toEqual([key === 'name' ? 'other' : site.name]);
});

test('the same event is the same input; another is another', async () => {
  const { sent } = await told([event(), event(), event({ id: '2' })]);
  const [first, again, other] = sent.filter(({ input }) => input.lane === shop).map(({ input }) => input.id);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('a bus that does not take it is thrown: the message comes again', async () => {
  await expect(told([event()], [], true)).rejects.toThrow(Unavailable);
});
