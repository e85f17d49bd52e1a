import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PackageOrder } from '../../shared/lane/outgoing.ts';
import { decodeOrder, encodeOrder } from '../../shared/wire/orders.ts';
import { deploymentIds, digests, lanes } from './arbitraries.ts';

const orders: fc.Arbitrary<PackageOrder> = fc.record({
  lane: lanes,
  deployment: deploymentIds,
  attempt: fc.nat(),
  url: fc.webUrl(),
  sha256: digests,
  size: fc.option(fc.maxSafeNat(), { nil: undefined }),
});

test('what is ordered is what is read', () => {
  fc.assert(
    fc.property(orders, fc.nat(), (order, attempt) => {
      expect(decodeOrder(JSON.stringify(encodeOrder(order, attempt)))).toEqual({
        ok: true,
        value: { order, attempt },
      });
    }),
  );
});

test.each([
  { raw: '{', why: 'not JSON' },
  { raw: {}, why: 'data: is missing' },
  {
    raw: { data: { form: 1, attempt: 0, order: { lane: 'a@b', deployment: 'd', attempt: 0, url: '' } } },
    why: 'data.order.sha256: is missing',
  },
  { raw: { data: { form: 1, attempt: 1.5, order: [] } }, why: 'data.attempt: must be a whole number' },
])('refused: $why', ({ raw, why }) => {
  expect(decodeOrder(raw)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
});
