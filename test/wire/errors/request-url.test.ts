import { expect, test } from 'vitest';
import { redactUrl } from '../../../shared/wire/errors/request-url.ts';

test.each([
  ['https://shop.example.com/basket?page=2&sort=asc', 'https://shop.example.com/basket?page=2&sort=asc'],
  ['https://shop.example.com/', 'https://shop.example.com/'],
  ['/basket?token=abc&page=2', '/basket?token=[redacted]&page=2'],
  [
    '/x?access_token=a&apiKey=b&api-key=c&X-Amz-Signature=d&sig=e',
    '/x?access_token=[redacted]&apiKey=[redacted]&api-key=[redacted]&X-Amz-Signature=[redacted]&sig=[redacted]',
  ],
  ['/x?%74oken=abc', '/x?%74oken=[redacted]'],
  ['/x?code=abc&zipcode=8000&postcode=1', '/x?code=[redacted]&zipcode=8000&postcode=1'],
  ['/x?password=', '/x?password=[redacted]'],
  ['/x?email=ada%40example.com', '/x?email=[redacted]'],
  ['/x?q=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sgn', '/x?q=[redacted]'],
  ['/x?next=0123456789abcdef0123456789abcdef', '/x?next=[redacted]'],
  ['/x?eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0', '/x?[redacted]'],
  ['https://ada:secret@example.com/x', 'https://example.com/x'],
  ['https://example.com/@ada/x', 'https://example.com/@ada/x'],
  ['/x#access_token=abc', '/x'],
  ['/x?%zz=1', '/x?%zz=1'],
  ['', ''],
])('%s', (url, stored) => {
  expect(redactUrl(url)).toBe(stored);
});

test('a very long address is cut and quickly so', () => {
  expect(redactUrl(`/x?${'a=b&'.repeat(500_000)}`).length).toBe(1_000);
});
