import { afterAll, beforeAll, expect, test } from 'vitest';
import { GROUP, type LocalAzure, localAzure } from './local-azure.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await localAzure({ throttle: { reads: { burst: 2, perSecond: 0.1 }, writes: { burst: 1, perSecond: 0.1 } } });
});
afterAll(() => azure.end());

test('whoever asks too much is answered 429 with Retry-After, which the client can read', async () => {
  const { webApps } = azure.client();
  await webApps.get(GROUP, 'storefront');
  await webApps.get(GROUP, 'storefront', {
    onResponse: (raw) => expect(raw.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('0'),
  });
  const error = await webApps.get(GROUP, 'storefront').then(
    () => undefined,
    (thrown: { statusCode: number; code: string; response: { headers: { get(name: string): string } } }) => thrown,
  );
  expect(error).toMatchObject({ statusCode: 429, code: 'TooManyRequests' });
  expect(Number(error?.response.headers.get('retry-after'))).toBeGreaterThan(5);
  await webApps.restart(GROUP, 'storefront');
  await expect(webApps.restart(GROUP, 'storefront')).rejects.toMatchObject({ statusCode: 429 });
});
