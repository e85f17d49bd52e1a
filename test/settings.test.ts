import { describe, expect, test } from 'vitest';
import { BadSettings, readSettings, readTablesSettings } from '../shared/settings.ts';

const SECRET = 'hunter2-hunter2';
const good = {
  ServiceBus: `Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=app;SharedAccessKey=${SECRET};UseDevelopmentEmulator=true`,
  Storage: `AccountName=devstoreaccount1;AccountKey=${SECRET};TableEndpoint=http://127.0.0.1:10002/devstoreaccount1`,
  WARMSWAP_APPS_FILE: '/home/site/apps.yaml',
};

/** The faults of an environment; a readable one fails the test. */
function faultsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error;
    expect(error.message).not.toContain(SECRET);
    return error.faults;
  }
  throw new Error('it was read');
}

test('what is given is read; what is not given has its documented default', () => {
  expect(readSettings(good)).toEqual({
    serviceBus: { connectionString: good.ServiceBus },
    tables: { connectionString: good.Storage },
    blobs: { connectionString: good.Storage },
    arm: { endpoint: 'https://management.azure.com' },
    slack: { token: null, interactivity: null },
    appsFile: '/home/site/apps.yaml',
    allowedNetworks: [],
    serviceUrl: null,
    timing: {
      quietMs: 200_000,
      lookGapMs: 15_000,
      claimMs: 10_000,
      pollFirstMs: 5_000,
      pollThenMs: 10_000,
      operationMs: 1_800_000,
      patrolMs: 300_000,
      copyMs: 600_000,
      requestDeadlineMs: 20_000,
    },
    sweepAfterMs: 60_000,
    stopped: false,
    tokens: [],
    functionTimeoutMs: 120_000,
  });
});

test('an IPv4 network written as one of IPv6 is read as what it is', () => {
  const given = '::ffff:10.1.0.0/112, ::FFFF:a02:0/128,fd00::/8,fe80::/64,2001:db8:1::/48,::1/128, 127.0.0.0/8';
  expect(readSettings({ ...good, WARMSWAP_ALLOWED_NETWORKS: given }).allowedNetworks).toEqual([
    '10.1.0.0/16',
    '10.2.0.0/32',
    'fd00::/8',
    'fe80::/64',
    '2001:db8:1::/48',
    '::1/128',
    '127.0.0.0/8',
  ]);
});

test('with a managed identity there are addresses and no secrets', () => {
  const sha256 = 'a'.repeat(64);
  const settings = readSettings({
    ServiceBus__fullyQualifiedNamespace: 'example.servicebus.windows.net',
    Storage__tableServiceUri: 'https://example.table.core.windows.net/',
    Storage__blobServiceUri: 'https://example.blob.core.windows.net',
    AZURE_CLIENT_ID: '0f1e2d3c-0000-4000-8000-000000000001',
    WARMSWAP_APPS_FILE: 'apps.yaml',
    WARMSWAP_ARM_ENDPOINT: 'https://127.0.0.1:4443',
    WARMSWAP_SLACK_TOKEN: SECRET,
    WARMSWAP_SLACK_API_URL: 'http://127.0.0.1:4000/api/',
    WARMSWAP_ALLOWED_NETWORKS: '10.1.0.0/16, fd12:3456::/48',
    WARMSWAP_STOP: 'true',
    WARMSWAP_TOKENS: JSON.stringify([
      { name: 'ci', sha256, rights: ['deploy'] },
      { name: 'ada', sha256: ['b'.repeat(64), 'c'.repeat(64)], rights: ['read'] },
    ]),
  });
  expect(settings).toMatchObject({
    serviceBus: { namespace: 'example.servicebus.windows.net' },
    tables: { endpoint: 'https://example.table.core.windows.net' },
    blobs: { endpoint: 'https://example.blob.core.windows.net' },
    identityClientId: '0f1e2d3c-0000-4000-8000-000000000001',
    arm: { endpoint: 'https://127.0.0.1:4443' },
    slack: { token: SECRET, apiUrl: 'http://127.0.0.1:4000/api' },
    allowedNetworks: ['10.1.0.0/16', 'fd12:3456::/48'],
    stopped: true,
    tokens: [
      { name: 'ci', sha256: [sha256], rights: ['deploy'] },
      { name: 'ada', sha256: ['b'.repeat(64), 'c'.repeat(64)], rights: ['read'] },
    ],
  });
});

const tokensOf = (...each: object[]): string =>
  JSON.stringify(each.map((one) => ({ name: 'ci', sha256: 'a'.repeat(64), rights: ['read'], ...one })));

test("people are sent to the address that is given, else to this app's own", () => {
  const own = { ...good, WEBSITE_HOSTNAME: 'deployer.azurewebsites.net' };
  expect(readSettings(own).serviceUrl).toBe('https://deployer.azurewebsites.net');
  expect(readSettings({ ...own, WARMSWAP_SERVICE_URL: 'https://ingress.azurewebsites.net/' }).serviceUrl).toBe(
    'https://ingress.azurewebsites.net',
  );
});

test('an empty environment names everything that is missing at once', () => {
  expect(faultsOf({})).toEqual([
    'ServiceBus: is missing (or give ServiceBus__fullyQualifiedNamespace and a managed identity)',
    'Storage: is missing (or give Storage__tableServiceUri and a managed identity)',
    'WARMSWAP_APPS_FILE: is missing: the path of apps.yaml',
  ]);
});

test.each<[string, Record<string, string>, string]>([
  [
    'an unresolved secret',
    { Storage: '@Microsoft.KeyVault(SecretUri=https://v/s)' },
    'Storage: is a Key Vault reference',
  ],
  ['two ways to the bus', { ServiceBus__fullyQualifiedNamespace: 'a.b.net' }, 'is given beside ServiceBus'],
  ['no connection string', { ServiceBus: SECRET }, 'ServiceBus: is no Service Bus connection string'],
  ['no storage string', { Storage: SECRET }, 'Storage: is no storage connection string'],
  ['a misspelt name', { WARMSWAP_STOPPED: 'true' }, 'WARMSWAP_STOPPED: is not a setting we know'],
  ['a stop in small letters', { warmswap_stop: 'true' }, 'warmswap_stop: is not a setting we know; WARMSWAP_STOP is'],
  ['a stop in letters of both kinds', { Warmswap_Stop: 'true' }, 'Warmswap_Stop: is not a setting we know; WARMSWAP_'],
  ['a name of no prefix but ours', { WARMSWAP_: 'true' }, 'WARMSWAP_: is not a setting we know'],
  ['a half-hearted stop', { WARMSWAP_STOP: 'yes' }, 'WARMSWAP_STOP: must be true or false'],
  [
    'the test profile with a real ARM',
    { WARMSWAP_PROFILE: 'test' },
    'WARMSWAP_PROFILE: test is for a local Azure only',
  ],
  ['an unknown profile', { WARMSWAP_PROFILE: 'prod' }, 'WARMSWAP_PROFILE: must be azure or test'],
  ['plain http abroad', { WARMSWAP_ARM_ENDPOINT: 'http://management.example.com' }, 'must be an https address'],
  [
    'plain http to people',
    { WARMSWAP_SERVICE_URL: 'http://warmswap.example' },
    'WARMSWAP_SERVICE_URL: must be an https',
  ],
  ['a network that is none', { WARMSWAP_ALLOWED_NETWORKS: '10.0.0.0/16,intranet' }, 'NETWORKS: entry 2 is no network'],
  ['an address alone', { WARMSWAP_ALLOWED_NETWORKS: '10.0.0.4' }, 'a single address ends in /32'],
  ['an octal network', { WARMSWAP_ALLOWED_NETWORKS: '010.0.0.0/16' }, 'NETWORKS: entry 1 is no network'],
  ['a prefix too long', { WARMSWAP_ALLOWED_NETWORKS: '10.0.0.0/33' }, 'NETWORKS: entry 1 is no network'],
  ['a zone', { WARMSWAP_ALLOWED_NETWORKS: 'fe80::1%eth0/64' }, 'NETWORKS: entry 1 is no network'],
  ['an empty entry', { WARMSWAP_ALLOWED_NETWORKS: '10.0.0.0/16,' }, 'NETWORKS: entry 2 is no network'],
  ['every address', { WARMSWAP_ALLOWED_NETWORKS: '0.0.0.0/0' }, 'NETWORKS: entry 1 is wider than /8'],
  ['every address of IPv6', { WARMSWAP_ALLOWED_NETWORKS: '::/0' }, 'NETWORKS: entry 1 is wider than /8'],
  ['half of IPv4', { WARMSWAP_ALLOWED_NETWORKS: '0.0.0.0/1' }, 'NETWORKS: entry 1 is wider than /8'],
  ['IPv4 as a network of IPv6', { WARMSWAP_ALLOWED_NETWORKS: '::ffff:0:0/96' }, 'NETWORKS: entry 1 is wider than /8'],
  ['half of it', { WARMSWAP_ALLOWED_NETWORKS: '::ffff:128.0.0.0/97' }, 'NETWORKS: entry 1 is wider than /8'],
  ...[
    '::/8',
    '::/80',
    '::ffff:0:0/95',
    '::10.1.0.0/112',
    '64:ff9b::/96',
    '::1/127',
    'ff02::/16',
    'fec0::/10',
    'fe80::/9',
    '100::/64',
  ].map((network): [string, Record<string, string>, string] => [
    `the network ${network}`,
    { WARMSWAP_ALLOWED_NETWORKS: `10.0.0.0/8,${network}` },
    'NETWORKS: entry 2 lies in none of fc00::/7, fe80::/10 and 2000::/3',
  ]),
  ['all of unique local IPv6', { WARMSWAP_ALLOWED_NETWORKS: 'fc00::/7' }, 'NETWORKS: entry 1 is wider than /8'],
  ['tokens that are no JSON', { WARMSWAP_TOKENS: `[{${SECRET}` }, 'WARMSWAP_TOKENS: is not JSON'],
  [
    'a token in the clear',
    { WARMSWAP_TOKENS: `[{"name":"ci","sha256":"${SECRET}","rights":["read"]}]` },
    'WARMSWAP_TOKENS[0].sha256: must be the SHA-256',
  ],
  [
    'one of two tokens in the clear',
    { WARMSWAP_TOKENS: `[{"name":"ci","sha256":["${'a'.repeat(64)}","${SECRET}"],"rights":["read"]}]` },
    'WARMSWAP_TOKENS[0].sha256[1]: must be the SHA-256',
  ],
  [
    'a third token of one name',
    { WARMSWAP_TOKENS: tokensOf({ sha256: ['a', 'b', 'c'].map((digit) => digit.repeat(64)) }) },
    'WARMSWAP_TOKENS[0].sha256: must be one SHA-256, or two',
  ],
  [
    'a list of no token',
    { WARMSWAP_TOKENS: tokensOf({ sha256: [] }) },
    'WARMSWAP_TOKENS[0].sha256: must be one SHA-256',
  ],
  ['one name for two', { WARMSWAP_TOKENS: tokensOf({}, { sha256: 'b'.repeat(64) }) }, 'names a token twice'],
  ['two names for one token', { WARMSWAP_TOKENS: tokensOf({}, { name: 'cd' }) }, 'the same sha256 twice'],
  [
    'a token without rights',
    { WARMSWAP_TOKENS: `[{"name":"ci","sha256":"${'a'.repeat(64)}","rights":[]}]` },
    'WARMSWAP_TOKENS[0].rights: must name',
  ],
  [
    'an unknown right',
    { WARMSWAP_TOKENS: `[{"name":"ci","sha256":"${'a'.repeat(64)}","rights":["all"]}]` },
    'WARMSWAP_TOKENS[0].rights[0]: expected',
  ],
  ['an unknown duration', { WARMSWAP_TIMING: '{"quiet":1}' }, 'WARMSWAP_TIMING.quiet: is not a known key'],
  ['a duration as text', { WARMSWAP_TIMING: '{"quietMs":"200s"}' }, 'WARMSWAP_TIMING.quietMs: expected a number'],
])('%s', (_, env, why) => {
  expect(faultsOf({ ...good, ...env }).join('\n')).toContain(why);
});

test('a Key Vault reference is named once, not also as missing', () => {
  expect(faultsOf({ ...good, Storage: '@Microsoft.KeyVault(SecretUri=https://v/s)' })).toHaveLength(1);
});

describe('durations', () => {
  const withTiming = (profile: string, timing: object) => ({
    ...good,
    WARMSWAP_PROFILE: profile,
    ...(profile === 'test' ? { WARMSWAP_ARM_ENDPOINT: 'https://127.0.0.1:4443' } : {}),
    WARMSWAP_TIMING: JSON.stringify(timing),
  });

  test('the profile for Azure obeys the inequalities', () => {
    const { timing, functionTimeoutMs } = readSettings(good);
    const { requestDeadlineMs } = timing;
    expect(timing.quietMs).toBeGreaterThanOrEqual(functionTimeoutMs + requestDeadlineMs + 60_000);
    expect(timing.lookGapMs).toBeGreaterThanOrEqual(15_000);
    expect(timing.claimMs + timing.requestDeadlineMs).toBeLessThan(functionTimeoutMs);
  });

  test.each([
    [{ quietMs: 199_999 }, 'quietMs must be at least'],
    [{ requestDeadlineMs: 20_001 }, 'quietMs must be at least'],
    [{ functionTimeoutMs: 120_001 }, 'quietMs must be at least'],
    [{ functionTimeoutMs: 60_000 }, 'functionTimeoutMs must be at least 120000 on Azure'],
    [{ lookGapMs: 14_999 }, 'lookGapMs must be at least 15000 on Azure'],
    [{ claimMs: 10_001 }, 'claimMs must be at most 10000 on Azure'],
    [{ operationMs: 1_000 }, 'operationMs must be at least'],
  ])('smaller ones are refused on Azure: %j', (timing, why) => {
    expect(faultsOf(withTiming('azure', timing)).join('\n')).toContain(why);
  });

  test('larger ones are taken on Azure', () => {
    expect(readSettings(withTiming('azure', { quietMs: 300_000 })).timing.quietMs).toBe(300_000);
  });

  test('the test profile is shorter and keeps the inequalities', () => {
    const short = readSettings({ ...good, WARMSWAP_PROFILE: 'test', WARMSWAP_ARM_ENDPOINT: 'https://127.0.0.1:4443' });
    expect(short.timing.quietMs).toBeLessThan(60_000);
    expect(short.timing.quietMs).toBeGreaterThan(short.functionTimeoutMs + short.timing.requestDeadlineMs);
    expect(readSettings(withTiming('test', { lookGapMs: 100, patrolMs: 900 })).timing).toMatchObject({
      lookGapMs: 100,
      patrolMs: 900,
    });
  });

  test.each([
    [{ quietMs: 7_000 }, 'quietMs must be more than'],
    [{ claimMs: 2_000 }, 'claimMs + requestDeadlineMs must be at most'],
    [{ pollFirstMs: 500 }, 'pollFirstMs must be at most'],
    [{ operationMs: 8_000 }, 'operationMs must be more than'],
  ])('also a short profile is refused when it breaks them: %j', (timing, why) => {
    expect(faultsOf(withTiming('test', timing)).join('\n')).toContain(why);
  });
});

describe('for a command that looks at the tables alone', () => {
  test('no other setting is asked for', () => {
    expect(readTablesSettings({ Storage: good.Storage })).toEqual({ tables: { connectionString: good.Storage } });
    const identity = { Storage__tableServiceUri: 'https://shop.table.core.windows.net/', AZURE_CLIENT_ID: 'c1' };
    expect(readTablesSettings(identity)).toEqual({
      tables: { endpoint: 'https://shop.table.core.windows.net' },
      identityClientId: 'c1',
    });
  });

  test.each([
    { env: {}, says: /Storage: is missing \(or give Storage__tableServiceUri/ },
    { env: { Storage: SECRET }, says: /Storage: is no storage connection string/ },
    { env: { Storage__tableServiceUri: 'http://example.com' }, says: /must be an https address/ },
  ])('and these are refused as ever: $env', ({ env, says }) => {
    expect(() => readTablesSettings(env)).toThrow(says);
    expect(() => readTablesSettings(env)).not.toThrow(SECRET);
  });
});
