import { restorePoller } from '@azure/arm-appservice';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GROUP, type LocalAzure, localAzure, until } from './local-azure.ts';
import { sampleZip } from './sample-zip.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await localAzure();
});
afterAll(() => azure.end());

const toProduction = { targetSlot: 'production', preserveVnet: true };

test('a swap by the client: accepted, polled in another process by its token, and seen on both slots', async () => {
  const client = azure.client();
  const deployment = await azure.publish('staging', sampleZip({ version: '1.1.0' }));
  expect(deployment).toMatchObject({ status: 4, active: true });
  await until(async () => (await azure.ask('staging')).about.version === '1.1.0');

  const poller = client.webApps.swapSlot(GROUP, 'storefront', 'staging', toProduction);
  await poller.submitted();
  const token = await poller.serialize();
  expect((await client.webApps.get(GROUP, 'storefront')).inProgressOperationId).toMatch(/^[0-9a-f-]{36}$/);

  let restored = restorePoller(azure.client(), token, client.webApps.swapSlot);
  await until(async () => {
    await restored.poll();
    if (restored.isDone) return true;
    restored = restorePoller(azure.client(), await restored.serialize(), client.webApps.swapSlot);
    return false;
  });
  expect((await azure.ask('production')).about).toMatchObject({
    version: '1.1.0',
    slot: 'Production',
    mode: 'live',
    flag: 'new',
  });
  expect((await azure.ask('staging')).about).toMatchObject({
    version: '1.0.0',
    slot: 'staging',
    mode: 'test',
    flag: 'old',
  });
  for (const site of [
    await client.webApps.get(GROUP, 'storefront'),
    await client.webApps.getSlot(GROUP, 'storefront', 'staging'),
  ]) {
    expect(site.inProgressOperationId).toBeFalsy();
    expect(site.slotSwapStatus).toMatchObject({ sourceSlotName: 'staging', destinationSlotName: 'production' });
  }
});
