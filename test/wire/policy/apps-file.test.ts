import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LaneId } from '../../../shared/lane/words.ts';
import { type AppsFile, parseApps } from '../../../shared/wire/policy/apps-file.ts';

const example = readFileSync(new URL('../../../apps.example.yaml', import.meta.url), 'utf8');
const lane = (text: string) => text as LaneId;

function read(text: string): AppsFile {
  const apps = parseApps(text);
  if (!apps.ok) throw new Error(apps.why);
  return apps.value;
}

/** One lane with the given keys, in flow style. */
const withKeys = (keys: string) =>
  `apps: { shop: { environments: { live: { site: { subscription: s, resourceGroup: g, name: n }, ${keys} } } } }`;
const AT = 'apps.shop.environments.live';

test('the example says what its comments say', () => {
  const apps = read(example);
  expect(apps.lanes()).toEqual(['storefront@production', 'storefront@test']);
  expect(apps.defaultEnvironment('storefront')).toBe('production');
  expect(apps.policy(lane('storefront@production'))).toEqual({
    mode: 'swap',
    site: {
      subscriptionId: '00000000-0000-0000-0000-000000000000',
      resourceGroup: 'shop',
      name: 'storefront',
      slot: 'staging',
    },
    versionFrom: { path: '/version.json', pointer: '/version' },
    warmUp: { path: '/health', statuses: [200], timesInARow: 3, everyMs: 2_000, deadlineMs: 300_000 },
    checks: [
      { name: 'front page', path: '/', status: 200, contains: 'Welcome', maxLatencyMs: 2_000 },
      { name: 'basket', path: '/api/basket', status: 200 },
    ],
    approval: {
      required: true,
      approvers: ['ada@example.com', 'grace@example.com'],
      mayApproveOwn: false,
      breakGlass: ['oncall@example.com'],
      expiresAfterMs: 14_400_000,
      remindBeforeMs: 1_800_000,
    },
    operators: ['@release-team'],
    watch: { forMs: 600_000, everyMs: 15_000 },
    errorLimits: { newGroupReports: 5, ratio: 3, perMinute: 10 },
    rollback: { mode: 'automatic', askExpiresAfterMs: 1_800_000, holdAfter: true },
    arrivals: { mode: 'supersede' },
    slack: { channel: '#deployments' },
  });
});

test('an environment overrides its app key by key, and says nothing else', () => {
  expect(read(example).policy(lane('storefront@test'))).toMatchObject({
    mode: 'swap',
    site: { subscriptionId: '00000000-0000-0000-0000-000000000000', resourceGroup: 'shop', name: 'storefront-test' },
    approval: { required: false },
    watch: { forMs: 120_000, everyMs: 15_000 },
    rollback: { mode: 'automatic', holdAfter: false },
    checks: [],
    slack: { channel: '#deployments' },
  });
});

test('an app that is merely listed is only observed', () => {
  expect(read(withKeys('')).policy(lane('shop@live'))).toEqual({
    mode: 'observe',
    site: { subscriptionId: 's', resourceGroup: 'g', name: 'n', slot: 'staging' },
    warmUp: { path: '/', statuses: [200], timesInARow: 3, everyMs: 2_000, deadlineMs: 300_000 },
    checks: [],
    approval: { required: false },
    operators: [],
    watch: { forMs: 600_000, everyMs: 15_000 },
    errorLimits: { newGroupReports: 5, ratio: 3, perMinute: 10 },
    rollback: { mode: 'automatic', askExpiresAfterMs: 1_800_000, holdAfter: true },
    arrivals: { mode: 'supersede' },
  });
});

test('a lane or app the file does not name is null', () => {
  const apps = read(example);
  expect(apps.policy(lane('storefront@moon'))).toBeNull();
  expect(apps.defaultEnvironment('toString')).toBeNull();
});

test.each([
  ['arrivals: refuse', { arrivals: { mode: 'refuse' } }],
  ['arrivals: { queue: 20 }', { arrivals: { mode: 'queue', limit: 20 } }],
  ['approval: { required: false }', { approval: { required: false } }],
  ['approval: { approvers: [ada] }', { approval: { required: true, approvers: ['ada'], expiresAfterMs: 14_400_000 } }],
  ['versionFrom: { path: /, header: x-version }', { versionFrom: { path: '/', header: 'x-version' } }],
  ['watch: { for: 1500ms, every: 100ms }', { watch: { forMs: 1_500, everyMs: 100 } }],
])('%s', (keys, policy) => {
  expect(read(withKeys(keys)).policy(lane('shop@live'))).toMatchObject(policy);
});

describe('faults', () => {
  test.each([
    ['an empty file', '', 'the file is empty'],
    ['text', 'hello', 'expected an object'],
    ['a list', '- a', 'apps: is missing'],
    ['no YAML', 'apps: [', 'not readable as YAML'],
    ['a key twice', 'apps: {}\napps: {}', 'line 2'],
    ['an unknown tag', 'apps: !!js/function x', 'not readable as YAML'],
    ['no apps', '{}', 'apps: is missing'],
    ['no app', 'apps: {}', 'apps: must name at least one app'],
    ['an app of nothing', 'apps: { shop: }', 'apps.shop: expected an object, got null'],
    ['no environment', 'apps: { shop: { environments: {} } }', 'apps.shop.environments: must name at least one'],
    ['a bad app name', 'apps: { Shop: {} }', 'apps.Shop: must be 1–60 of a–z'],
    ['a number as name', 'apps: { 12: {} }', 'apps.12: must be'],
    ['a name the language takes', 'apps: { constructor: {} }', 'constructor cannot be used as a name'],
    [
      'no site',
      'apps: { shop: { environments: { live: {} } } }',
      `${AT}.site.subscription: is missing; ${AT}.site.resourceGroup: is missing; ${AT}.site.name`,
    ],
    ['an unknown key', withKeys('wacth: {}'), `${AT}.wacth: is not a known key`],
    ['an unknown key below', withKeys('watch: { four: 1m }'), `${AT}.watch.four: is not a known key`],
    ['an unknown mode', withKeys('mode: go'), `${AT}.mode: expected ("observe" | "stage" | "swap"), got other text`],
    ['a duration without unit', withKeys('watch: { for: 10 }'), `${AT}.watch.for: expected text, got a number`],
    ['a duration in days', withKeys('watch: { for: 1d }'), `${AT}.watch.for: must be a duration such as`],
    ['too long a watch', withKeys('watch: { for: 25h }'), `${AT}.watch.for: must be at most 24h`],
    ['too eager a watch', withKeys('watch: { every: 1ms }'), `${AT}.watch.every: must be at least 100ms`],
    ['a watch that never judges', withKeys('watch: { for: 1m, every: 2m }'), `${AT}.watch.every: must not be longer`],
    ['a deadline too near', withKeys('warmUp: { every: 1m, deadline: 1m }'), `${AT}.warmUp.deadline: must leave time`],
    ['no statuses', withKeys('warmUp: { statuses: [] }'), `${AT}.warmUp.statuses: must name at least one`],
    ['another host', withKeys('warmUp: { path: //evil.example }'), `${AT}.warmUp.path: must be a path`],
    [
      'two ways to the version',
      withKeys('versionFrom: { path: /, pointer: /v, header: x }'),
      `${AT}.versionFrom: needs either`,
    ],
    ['no way to the version', withKeys('versionFrom: { path: / }'), `${AT}.versionFrom: needs either`],
    ['nobody to approve', withKeys('approval: { required: true }'), `${AT}.approval.approvers: name at least one`],
    ['approval: on', withKeys('approval: on'), `${AT}.approval: expected`],
    ['a bad key in approval', withKeys('approval: { aprovers: [x] }'), `${AT}.approval.aprovers: is not a known key`],
    ['too long a queue', withKeys('arrivals: { queue: 21 }'), `${AT}.arrivals.queue: must be at most 20`],
    ['21 checks', withKeys(`checks: [${'{ path: / },'.repeat(21)}]`), `${AT}.checks: must be at most 20 checks`],
    ['two checks of one name', withKeys('checks: [{ path: / }, { path: / }]'), `${AT}.checks: two have the same name`],
    [
      'a check nowhere',
      withKeys('checks: [{ status: 700 }]'),
      `${AT}.checks[0].path: is missing; ${AT}.checks[0].status: must be at most 599`,
    ],
    ['a zero ratio', withKeys('errorLimits: { ratio: 0 }'), `${AT}.errorLimits.ratio: must be more than 0`],
    [
      'staging in production',
      withKeys('mode: swap').replace('name: n', 'name: n, slot: Production'),
      `${AT}.site.slot: must be`,
    ],
    ['a broadcast as channel', withKeys('slack: { channel: "<!channel>" }'), `${AT}.slack.channel: must be`],
  ])('%s', (_, text, why) => {
    expect(parseApps(text)).toMatchObject({ ok: false, why: expect.stringContaining(why) });
  });

  test('all of them are named at once', () => {
    const apps = parseApps(withKeys('mode: go, watch: { for: 1d }, arrivals: never'));
    expect(!apps.ok && apps.why.split('; ')).toHaveLength(3);
  });

  test('two lanes cannot share a site, whatever their slots', () => {
    const apps = parseApps(
      `apps: { shop: { site: { subscription: s, resourceGroup: g, name: n },
         environments: { live: {}, test: { site: { name: N, slot: other } } } } }`,
    );
    expect(apps).toMatchObject({
      ok: false,
      why: expect.stringContaining('shop@test: has the same site as shop@live'),
    });
  });

  test('more lanes than are served', () => {
    const environments = Array.from({ length: 201 }, (_, n) => `e${n}: { site: { name: n${n} } }`).join(', ');
    const apps = parseApps(
      `apps: { shop: { site: { subscription: s, resourceGroup: g }, environments: { ${environments} } } }`,
    );
    expect(apps).toMatchObject({ ok: false, why: expect.stringContaining('201 lanes; at most 200') });
  });

  test('aliases that unfold without end', () => {
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x]'];
    for (let n = 1; n < 9; n += 1) bomb.push(`a${n}: &a${n} [${`*a${n - 1},`.repeat(9)}]`);
    expect(parseApps(bomb.join('\n'))).toMatchObject({ ok: false });
  });

  test('deep nesting and great length', () => {
    expect(parseApps(`apps: ${'['.repeat(2_000)}${']'.repeat(2_000)}`)).toMatchObject({ ok: false });
    expect(parseApps(`#${'x'.repeat(600_000)}`)).toMatchObject({
      ok: false,
      why: expect.stringContaining('longer than'),
    });
  });
});

describe('a policy as long as it can be', () => {
  const check = (index: number, contains: number) =>
    `{ name: check ${index}, path: /${'p'.repeat(100)}, contains: ${'c'.repeat(contains)} }`;
  const withChecks = (contains: number) =>
    withKeys(`checks: [${Array.from({ length: 20 }, (_, index) => check(index, contains)).join(', ')}]`);
  const policyOf = (text: string) => JSON.stringify(read(text).policy(lane('shop@live')));

  test('is taken up to 6,500 characters', () => {
    const one = policyOf(withChecks(1)).length;
    const most = Math.floor((6_500 - one) / 20) + 1;
    expect(policyOf(withChecks(most)).length).toBeGreaterThan(6_480);
    expect(parseApps(withChecks(most + 1))).toEqual({
      ok: false,
      why: expect.stringMatching(
        /^apps\.shop\.environments\.live: all its keys together take 65\d\d characters .*at most 6500: name fewer checks/,
      ),
    });
  });

  test('is refused where the app alone makes it too long, for each of its environments', () => {
    const people = Array.from({ length: 50 }, (_, index) => `${'p'.repeat(180)}${index}@example.com`);
    const site = (name: string) => ({ site: { subscription: 's', resourceGroup: 'g', name } });
    const text = JSON.stringify({
      apps: { shop: { operators: people, environments: { test: site('a'), live: site('b') } } },
    });
    const refused = parseApps(text);
    expect(refused).toMatchObject({
      ok: false,
      why: expect.stringContaining('apps.shop.environments.test: all its keys'),
    });
    expect(refused).toMatchObject({ why: expect.stringContaining('apps.shop.environments.live: all its keys') });
  });
});
