import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeBuildCompleted } from '../../../shared/wire/builds/warmswap.ts';

const text = readFileSync(new URL('../../fixtures/builds/storefront-1.1.0.json', import.meta.url), 'utf8');
type Event = { data: Record<string, unknown> & { artifact: Record<string, unknown>; build: Record<string, unknown> } };

/** The fixture with something changed. */
function changed(change: (event: Event & Record<string, unknown>) => void): unknown {
  const event = JSON.parse(text);
  change(event);
  return event;
}

function read(raw: unknown) {
  const event = decodeBuildCompleted(raw);
  if (!event.ok) throw new Error(event.why);
  return event.value;
}

test('a whole event', () => {
  expect(read(text)).toMatchSnapshot();
});

test.each([
  ['as an object', JSON.parse(text)],
  ['as bytes', Buffer.from(text)],
  ['after a byte order mark', `\ufeff${text}`],
  ['with its data as text', changed((event) => Object.assign(event, { data: JSON.stringify(event.data) }))],
])('%s it is the same', (_, raw) => {
  expect(read(raw)).toEqual(read(text));
});

test('the build is named by version, commit and bytes alone', () => {
  const again = changed((event) => Object.assign(event, { id: '4022-1', source: 'elsewhere' }));
  const others = changed((event) => Object.assign(event.data, { version: '1.1.1' }));
  const idOf = (raw: unknown) => {
    const event = read(raw);
    return event.status === 'succeeded' ? event.build.id : null;
  };
  expect(idOf(again)).toBe(idOf(text));
  expect(idOf(others)).not.toBe(idOf(text));
});

test('the least there must be', () => {
  const least = {
    specversion: '1.0',
    type: 'io.warmswap.build.completed',
    source: 's',
    id: '1',
    time: '2026-03-02T09:14:31Z',
    data: {
      app: 'a',
      version: '2026.03.02-rc+7',
      status: 'succeeded',
      commit: { sha: 'abcdef1' },
      artifact: { kind: 'zip', url: 'http://127.0.0.1:9/x.zip', sha256: 'a'.repeat(64) },
      build: { number: '17' },
    },
  };
  const event = read(least);
  expect(event.environment).toBeUndefined();
  expect(event.build).toMatchObject({
    number: 17,
    commits: [],
    schemaChange: 'none',
    finishedAt: new Date('2026-03-02T09:14:31Z'),
  });
});

test.each(['failed', 'cancelled'])('a %s build has facts and needs no artefact', (status) => {
  const event = read(changed(({ data }) => Object.assign(data, { status, artifact: undefined })));
  expect(event).toMatchObject({ status, app: 'storefront', build: { version: '1.1.0', number: 4021 } });
  expect(event.build).not.toHaveProperty('artifact');
});

test('a hundred commits are kept, of each message the first line', () => {
  const commit = {
    sha: 'abcdef1',
    message: `\n\n  first\u0007 line\r\nsecond ${'x'.repeat(900)}`,
    author: { name: 'A' },
  };
  const event = read(
    changed(({ data }) => Object.assign(data, { commits: Array.from({ length: 400 }, () => commit) })),
  );
  expect(event.build.commits).toHaveLength(100);
  expect(event.build.commits[0]?.message).toBe('first  line');
});

describe('refused', () => {
  test.each<[string, unknown, string]>([
    ['nothing', null, 'expected an object, got null'],
    ['an empty body', '', 'the body is empty'],
    ['cut off', text.slice(0, 700), 'not JSON'],
    [
      'another event',
      changed((event) => Object.assign(event, { type: 'x' })),
      'type: expected "io.warmswap.build.completed"',
    ],
    [
      'an older envelope',
      changed((event) => Object.assign(event, { specversion: '0.3' })),
      'specversion: expected "1.0"',
    ],
    ['without id', changed((event) => Object.assign(event, { id: undefined })), 'id: is missing'],
    ['without data', changed((event) => Object.assign(event, { data: undefined })), 'data: is missing'],
    ['data that is no JSON', changed((event) => Object.assign(event, { data: '{' })), 'data: expected an object'],
    ['an empty list of data', changed((event) => Object.assign(event, { data: [] })), 'data.status: is missing'],
    ['an unknown status', changed(({ data }) => Object.assign(data, { status: 'great' })), 'data.status: expected'],
    ['a bad app', changed(({ data }) => Object.assign(data, { app: 'Store Front' })), 'data.app: must be 1–60'],
    ['an empty version', changed(({ data }) => Object.assign(data, { version: '' })), 'data.version: must be 1–200'],
    [
      'a short digest',
      changed(({ data }) => Object.assign(data.artifact, { sha256: 'abc' })),
      'data.artifact.sha256: must be 64 hex',
    ],
    [
      'plain http',
      changed(({ data }) => Object.assign(data.artifact, { url: 'http://example.com/x.zip' })),
      'data.artifact.url: must be an https',
    ],
    [
      'a file',
      changed(({ data }) => Object.assign(data.artifact, { url: 'file:///etc/passwd' })),
      'data.artifact.url: must be an https',
    ],
    [
      'a password in the address',
      changed(({ data }) => Object.assign(data.artifact, { url: 'https://u:p@example.com/x.zip' })),
      'data.artifact.url',
    ],
    ['no artefact', changed(({ data }) => Object.assign(data, { artifact: undefined })), 'data.artifact: is missing'],
    [
      'an unknown artefact',
      changed(({ data }) => Object.assign(data.artifact, { kind: 'deb' })),
      'data.artifact.kind: expected "zip"',
    ],
    [
      'a container',
      changed(({ data }) => Object.assign(data, { artifact: { kind: 'container', image: 'x@sha256:1' } })),
      'containers are not deployed yet',
    ],
    [
      'commits that are no list',
      changed(({ data }) => Object.assign(data, { commits: {} })),
      'data.commits: expected a list',
    ],
    [
      'a commit of null',
      changed(({ data }) => Object.assign(data, { commits: [null] })),
      'data.commits[0]: expected an object, got null',
    ],
    [
      'no time at all',
      changed((event) => {
        event.time = undefined;
        event.data.build.finishedAt = null;
      }),
      'data.build.finishedAt: is missing',
    ],
    [
      'a time of day',
      changed(({ data }) => Object.assign(data.build, { finishedAt: '09:14' })),
      'data.build.finishedAt: must be an ISO 8601',
    ],
    [
      'a negative number',
      changed(({ data }) => Object.assign(data.build, { number: -1 })),
      'data.build.number: must be at least 0',
    ],
    [
      'deep nesting',
      changed(({ data }) => Object.assign(data, { x: JSON.parse('['.repeat(100) + ']'.repeat(100)) })),
      'nested deeper',
    ],
    ['great length', `${text}${' '.repeat(1_000_000)}`, 'longer than'],
  ])('%s', (_, raw, why) => {
    expect(decodeBuildCompleted(raw)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
  });

  test('with every fault named and no secret shown', () => {
    const event = decodeBuildCompleted(
      changed(({ data }) => {
        data.version = 5;
        data.artifact = { kind: 'zip', url: 'ftp://x?sig=hunter2', sha256: 'hunter2' };
      }),
    );
    expect(event).toEqual({
      ok: false,
      why:
        'data.version: expected text, got a number; ' +
        'data.artifact.url: must be an https address without user name and password (http only on this machine); ' +
        'data.artifact.sha256: must be 64 hex characters',
    });
  });
});
