import { expect, test } from 'vitest';
import type { Marker } from '../../../shared/lane/words.ts';
import { decodeMarker } from '../../../shared/wire/markers/warmswap.ts';

const body = {
  app: 'storefront',
  environment: 'production',
  kind: 'flag',
  version: '1.1.0',
  liveAt: '2026-03-02T12:00:00+01:00',
  text: 'new checkout for 5 %',
  url: 'https://flags.example.com/checkout',
};

function read(raw: unknown, by = 'flags'): Marker {
  const marker = decodeMarker(raw, by);
  if (!marker.ok) throw new Error(marker.why);
  return marker.value;
}

test('a change made by others', () => {
  expect(read(JSON.stringify(body))).toEqual({
    lane: 'storefront@production',
    id: expect.stringMatching(/^[0-9a-f]{20}$/),
    kind: 'flag',
    version: '1.1.0',
    liveAt: new Date('2026-03-02T11:00:00Z'),
    by: 'flags',
    text: 'new checkout for 5 %',
    url: 'https://flags.example.com/checkout',
    commit: undefined,
  });
});

test('said again it is the same marker; another sender or another word makes another', () => {
  const { id } = read(body);
  expect(read(body).id).toBe(id);
  expect(read({ ...body, liveAt: '2026-03-02T11:00:00.000Z' }).id).toBe(id);
  expect(read(body, 'others').id).not.toBe(id);
  expect(read({ ...body, text: 'for 10 %' }).id).not.toBe(id);
});

test('with an id of the sender, the id alone tells', () => {
  const { id } = read({ ...body, id: '17' });
  expect(read({ ...body, id: '17', text: 'corrected' }).id).toBe(id);
  expect(read({ ...body, id: '18' }).id).not.toBe(id);
  expect(read({ ...body, id: '17', environment: 'test' }).id).not.toBe(id);
});

test.each<[string, unknown, string]>([
  ['nothing', '', 'the body is empty'],
  ['cut off', '{"app":', 'not JSON'],
  ['a list', [body], 'expected an object, got a list'],
  [
    'all missing',
    {},
    'app: is missing; environment: is missing; kind: is missing; version: is missing; liveAt: is missing',
  ],
  ['our own kind', { ...body, kind: 'rollback' }, 'kind: expected'],
  ['a script as address', { ...body, url: 'javascript:alert(1)' }, 'url: must be an http or https address'],
  ['a time without zone', { ...body, liveAt: '2026-03-02 12:00' }, 'liveAt: must be an ISO 8601 instant'],
  ['great length', { ...body, text: 'x'.repeat(1_001) }, 'text: must be at most 1000 characters'],
  ['great depth', { ...body, more: JSON.parse('['.repeat(99) + ']'.repeat(99)) }, 'nested deeper'],
])('refused: %s', (_, raw, why) => {
  expect(decodeMarker(raw, 'flags')).toMatchObject({ ok: false, why: expect.stringContaining(why) });
});
