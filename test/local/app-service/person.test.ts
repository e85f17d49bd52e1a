import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GROUP, type LocalAzure, localAzure, until } from './local-azure.ts';
import { sampleZip } from './sample-zip.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await localAzure({ roleActions: ['Microsoft.Web/sites/read', 'Microsoft.Web/sites/slots/publish/action'] });
});
afterAll(() => azure.end());

test('a person deploys and swaps by hand, whatever the role of our caller', async () => {
  const zip = join(azure.dir, 'by-hand.zip');
  writeFileSync(zip, sampleZip({ version: '7.0.0' }));
  const deployed = await azure.control('POST', 'person', {
    site: 'storefront',
    act: 'deploy',
    slot: 'staging',
    zip,
    wait: true,
  });
  expect(deployed).toMatchObject({ httpStatus: 200, status: 4 });
  const [listed] = (await (await azure.kudu('staging', '/api/deployments')).json()) as Record<string, unknown>[];
  expect(listed).toMatchObject({ id: deployed.deploymentId, active: true, deployer: 'a person' });

  const before = (await azure.received()).length;
  const swapped = await azure.control('POST', 'person', { site: 'storefront', act: 'swap', slot: 'staging' });
  expect(swapped).toMatchObject({ httpStatus: 202, operationId: expect.any(String) });
  const again = await azure.control('POST', 'person', { site: 'storefront', act: 'swap', slot: 'staging' });
  expect(again).toMatchObject({ httpStatus: 409, error: expect.stringContaining('another operation is in progress') });
  const site = await until(async () => {
    const seen = await azure.client().webApps.get(GROUP, 'storefront');
    return seen.slotSwapStatus?.timestampUtc !== undefined && seen;
  });
  expect(site.slotSwapStatus).toMatchObject({ sourceSlotName: 'staging', destinationSlotName: 'production' });
  expect((await azure.ask('production')).about.version).toBe('7.0.0');
  // It came through no call of ours.
  expect((await azure.received(before)).filter(({ path }) => path.includes('slotsswap'))).toEqual([]);
});

test.each([
  { body: { site: 'none', act: 'swap' }, error: /no site 'none'/ },
  { body: { site: 'storefront', act: 'swap', slot: 'qa' }, error: /no slot 'qa'/ },
  { body: { site: 'storefront', act: 'swap', slot: 'production' }, error: /name the slot/ },
  { body: { site: 'storefront', act: 'dance' }, error: /act is/ },
  { body: { site: 'storefront', act: 'deploy' }, error: /zip is the path/ },
])('$body is refused', async ({ body, error }) => {
  expect(await azure.control('POST', 'person', body)).toMatchObject({
    httpStatus: 400,
    error: expect.stringMatching(error),
  });
});

test('a path that is no package makes a failed deployment', async () => {
  const body = { site: 'storefront', act: 'deploy', slot: 'staging', zip: join(azure.dir, 'none.zip'), wait: true };
  expect(await azure.control('POST', 'person', body)).toMatchObject({
    status: 3,
    statusText: expect.stringContaining('ENOENT'),
  });
});
