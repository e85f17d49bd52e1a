import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type NamedToken, whoAsks } from '../../shared/wire/access.ts';

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
const tokens: NamedToken[] = [
  { name: 'ci', sha256: [hashOf('ci-token')], rights: ['deploy', 'report'] },
  { name: 'ada', sha256: [hashOf('ada-token=='), hashOf('ada-new')], rights: ['read', 'command'] },
  { name: 'broken', sha256: [''], rights: ['command'] },
];

test.each([
  ['Bearer ci-token', { name: 'ci', rights: ['deploy', 'report'] }],
  ['bearer  ada-token==', { name: 'ada', rights: ['read', 'command'] }],
  ['Bearer ada-new', { name: 'ada', rights: ['read', 'command'] }],
  ['Bearer ada-token', null],
  ['Bearer ', null],
  ['Basic ci-token', null],
  ['Bearer ci-token x', null],
  [`Bearer ${'x'.repeat(5000)}`, null],
  ['', null],
  [null, null],
  [undefined, null],
])('%j', (header, who) => {
  expect(whoAsks(tokens, header)).toEqual(who);
});

test('without tokens nobody is let in', () => {
  expect(whoAsks([], 'Bearer ci-token')).toBeNull();
});
