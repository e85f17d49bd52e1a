import { expect, test } from 'vitest';
import { buildCompleted, commitOf, SOURCE } from '../../infra/local/demo/event.ts';
import { makeBuild, tampered } from '../../infra/local/demo/sample-build.ts';
import { decodeBuildCompleted } from '../../shared/wire/builds/warmswap.ts';

const build = makeBuild('1.1.0');
const event = buildCompleted({
  id: 'build-7',
  app: 'storefront',
  environment: 'production',
  build,
  url: 'http://127.0.0.1:10000/devstoreaccount1/builds/a.zip?sig=x',
  sha256: build.sha256,
  number: 7,
  requestedBy: { name: 'Ada Lovelace', email: 'ada@example.com' },
  commits: ['First', 'Second'],
  at: new Date('2026-01-31T12:00:00Z'),
});

test('the service reads the event of a sample build', () => {
  expect(decodeBuildCompleted(event)).toMatchObject({
    ok: true,
    value: {
      event: { id: 'build-7', source: SOURCE },
      app: 'storefront',
      environment: 'production',
      status: 'succeeded',
      build: {
        version: '1.1.0',
        number: 7,
        commit: { sha: commitOf('1.1.0', 'Second') },
        commits: [{ message: 'First' }, { message: 'Second', author: { name: 'Ada Lovelace' } }],
        artifact: { sha256: build.sha256, size: build.zip.byteLength },
        finishedAt: new Date('2026-01-31T12:00:00Z'),
      },
    },
  });
});

test('the same version and flaw give the same bytes, another flaw others', () => {
  expect(makeBuild('1.1.0').sha256).toBe(build.sha256);
  expect(makeBuild('1.1.0', 'throws').sha256).not.toBe(build.sha256);
});

test('a tampered package is as long as before and differs in one byte', () => {
  const changed = tampered(build.zip);
  expect(changed).toHaveLength(build.zip.length);
  expect([...changed].filter((byte, at) => byte !== build.zip[at])).toHaveLength(1);
});
