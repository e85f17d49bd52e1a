import * as v from 'valibot';
import type { Timing } from './lane/policy.ts';
import { type NamedToken, RIGHTS } from './wire/access.ts';
import { faultsOf } from './wire/decode.ts';
import { AZURE, brokenAnywhere, brokenOnAzure, type Durations, durations, TEST } from './wire/durations.ts';
import { readNetworks } from './wire/networks.ts';
import { type Interactivity, readInteractivity } from './wire/slack-interactivity.ts';

/** Everything the environment tells us, read once. Durations are milliseconds. */
export interface Settings {
  serviceBus: { connectionString: string } | { namespace: string };
  tables: { connectionString: string } | { endpoint: string };
  blobs: { connectionString: string } | { endpoint: string };
  /** Of a user-assigned managed identity; absent: the system-assigned one. */
  identityClientId?: string;
  arm: { endpoint: string };
  slack: Slack;
  appsFile: string;
  /** Networks of the owner's own, in CIDR notation: addresses that others name may lead there, and otherwise to the public internet alone. */
  allowedNetworks: string[];
  /** Where people and callers reach the service, without a slash at the end; null where nobody says. */
  serviceUrl: string | null;
  timing: Timing;
  /** A lane this long overdue is woken by the sweep. */
  sweepAfterMs: number;
  /** WARMSWAP_STOP: no act is started anywhere. */
  stopped: boolean;
  tokens: NamedToken[];
  /** The platform's own limit (host.json `functionTimeout`). */
  functionTimeoutMs: number;
}

export type TablesSettings = Pick<Settings, 'tables' | 'identityClientId'>;

/** Two halves, each of use alone: one app may speak to Slack while another, of the same package, is spoken to. */
export interface Slack {
  /** With which people are told; null: this app tells nobody. */
  token: string | null;
  apiUrl?: string;
  /** What a click or a command must be signed with and come from; null: people decide over HTTP alone. */
  interactivity: Interactivity | null;
}

/** Thrown by readSettings: one line for each bad setting. It never holds a setting's value. */
export class BadSettings extends Error {
  override name = 'BadSettings';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`these settings are not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

const OURS = [
  'PROFILE',
  'TIMING',
  'APPS_FILE',
  'TOKENS',
  'STOP',
  'SLACK_TOKEN',
  'SLACK_API_URL',
  'SLACK_SIGNING_SECRET',
  'SLACK_TEAM_ID',
  'SLACK_APP_ID',
  'ARM_ENDPOINT',
  'ALLOWED_NETWORKS',
  'SERVICE_URL',
];

const sha256 = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the token, 64 lower-case hex characters'),
);

const one = v.pipe(
  sha256,
  v.transform((hash) => [hash]),
);
const both = v.pipe(v.array(sha256), v.length(2, 'must be one SHA-256, or two while one token replaces the other'));

const tokens = v.array(
  v.strictObject({
    name: v.pipe(v.string(), v.regex(/^[\w.@ -]{1,100}$/, 'must be 1–100 letters, digits, spaces and . _ @ -')),
    sha256: v.lazy((given) => (Array.isArray(given) ? both : one)),
    rights: v.pipe(v.array(v.picklist(RIGHTS)), v.minLength(1, 'must name at least one right')),
  }),
);

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment, read name by name; what is wrong is collected. */
function readerOf(env: Environment) {
  const faults: string[] = [];
  const fault = (name: string, why: string): void => void faults.push(`${name}: ${why}`);

  const text = (name: string): string | undefined => {
    const value = env[name]?.trim();
    if (value?.startsWith('@Microsoft.KeyVault(')) {
      fault(name, 'is a Key Vault reference that was not resolved; check the identity, its access and the secret');
      return undefined;
    }
    return value === '' ? undefined : value;
  };
  const present = (name: string): boolean => (env[name] ?? '').trim() !== '';
  const address = (name: string): string | undefined => {
    const value = text(name);
    if (value === undefined || isAddress(value)) return value?.replace(/\/+$/, '');
    fault(name, 'must be an https address (http only on this machine)');
    return undefined;
  };
  /** Either a connection string or, with a managed identity, an address; not both, and not none. */
  const either = (
    whole: string,
    part: string,
    read: (name: string) => string | undefined,
  ): [string | undefined, string | undefined] => {
    if (present(whole) && present(part)) fault(part, `is given beside ${whole}; keep one of them`);
    else if (!present(whole) && !present(part)) fault(whole, `is missing (or give ${part} and a managed identity)`);
    return [text(whole), read(part)];
  };
  return { faults, fault, text, present, address, either };
}

/** Where the tables are, and who asks. */
function tablesIn(
  { text, address, either, fault }: ReturnType<typeof readerOf>,
  name: 'Storage' | 'FromStorage' = 'Storage',
): TablesSettings {
  const uri = name === 'Storage' ? 'Storage__tableServiceUri' : 'FromStorage__tableServiceUri';
  const [storage = '', tableUri = ''] = either(name, uri, address);
  if (storage !== '' && !/(^|;)(AccountName|UseDevelopmentStorage|TableEndpoint)=/i.test(storage)) {
    fault(name, 'is no storage connection string');
  }
  const identityClientId = text('AZURE_CLIENT_ID');
  return {
    tables: storage === '' ? { endpoint: tableUri } : { connectionString: storage },
    ...(identityClientId === undefined ? {} : { identityClientId }),
  };
}

/**
 * For a command that looks at the tables alone: no other setting is asked for. `FromStorage`: those of another region. Throws
 * BadSettings.
 */
export function readTablesSettings(env: Environment, name?: 'Storage' | 'FromStorage'): TablesSettings {
  const reader = readerOf(env);
  const settings = tablesIn(reader, name);
  if (reader.faults.length > 0) throw new BadSettings(reader.faults);
  return settings;
}

/** Reads the environment. Throws BadSettings, which names everything that is wrong with it at once. */
export function readSettings(env: Environment): Settings {
  const reader = readerOf(env);
  const { faults, fault, text, present, address, either } = reader;

  const json = <S extends v.GenericSchema<unknown, unknown>>(name: string, schema: S): v.InferOutput<S> | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const parsed = parse(value);
    if (parsed === undefined) {
      fault(name, 'is not JSON');
      return undefined;
    }
    const read = v.safeParse(schema, parsed);
    if (read.success) return read.output;
    for (const each of faultsOf(read.issues, name)) faults.push(each);
    return undefined;
  };
  for (const name of Object.keys(env)) {
    const capitals = name.toUpperCase();
    if (!capitals.startsWith('WARMSWAP_') || OURS.includes(name.replace(/^WARMSWAP_/, ''))) continue;
    const meant = OURS.includes(capitals.slice(9)) ? `; ${capitals} is` : '';
    fault(name, `is not a setting we know${meant}`);
  }

  const [bus = '', namespace = ''] = either('ServiceBus', 'ServiceBus__fullyQualifiedNamespace', text);
  if (bus !== '' && !/(^|;)Endpoint=sb:\/\//i.test(bus)) fault('ServiceBus', 'is no Service Bus connection string');
  if (namespace !== '' && !/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(namespace)) {
    fault('ServiceBus__fullyQualifiedNamespace', 'must be a host name such as example.servicebus.windows.net');
  }
  const { tables, ...identity } = tablesIn(reader);
  const blobUri = address('Storage__blobServiceUri') ?? '';
  if (present('Storage__tableServiceUri') && !present('Storage__blobServiceUri')) {
    fault('Storage__blobServiceUri', 'is missing beside Storage__tableServiceUri');
  }

  const appsFile = text('WARMSWAP_APPS_FILE') ?? '';
  if (!present('WARMSWAP_APPS_FILE')) fault('WARMSWAP_APPS_FILE', 'is missing: the path of apps.yaml');
  const stop = text('WARMSWAP_STOP');
  if (stop !== undefined && stop !== 'true' && stop !== 'false') fault('WARMSWAP_STOP', 'must be true or false');
  const profile = text('WARMSWAP_PROFILE') ?? 'azure';
  if (profile !== 'azure' && profile !== 'test') fault('WARMSWAP_PROFILE', 'must be azure or test');
  if (profile === 'test' && !isLoopback(text('WARMSWAP_ARM_ENDPOINT'))) {
    fault('WARMSWAP_PROFILE', 'test is for a local Azure only: its durations prove nothing about a real one');
  }

  const token = text('WARMSWAP_SLACK_TOKEN') ?? null;
  const apiUrl = address('WARMSWAP_SLACK_API_URL');
  const serviceUrl = address('WARMSWAP_SERVICE_URL') ?? serviceUrlOf(text('WEBSITE_HOSTNAME'));
  const interactivity = readInteractivity({ text, present, fault });
  const endpoint = address('WARMSWAP_ARM_ENDPOINT') ?? 'https://management.azure.com';
  const networks = readNetworks(text('WARMSWAP_ALLOWED_NETWORKS') ?? '');
  for (const each of networks.faults) fault('WARMSWAP_ALLOWED_NETWORKS', each);
  const named = json('WARMSWAP_TOKENS', tokens) ?? [];
  if (new Set(named.map(({ name }) => name)).size < named.length) fault('WARMSWAP_TOKENS', 'names a token twice');
  const hashes = named.flatMap(({ sha256: held }) => held);
  if (new Set(hashes).size < hashes.length)
    fault('WARMSWAP_TOKENS', 'holds the same sha256 twice: whose token it is could not be told');

  const all = { ...(profile === 'test' ? TEST : AZURE), ...json('WARMSWAP_TIMING', durations) } as Durations;
  for (const each of profile === 'test' ? brokenAnywhere(all) : brokenOnAzure(all)) fault('WARMSWAP_TIMING', each);

  if (faults.length > 0) throw new BadSettings(faults);
  const { functionTimeoutMs, sweepAfterMs, ...timing } = all;
  return {
    serviceBus: bus === '' ? { namespace } : { connectionString: bus },
    tables,
    blobs: 'endpoint' in tables ? { endpoint: blobUri } : tables,
    ...identity,
    arm: { endpoint },
    slack: { token, ...(apiUrl === undefined ? {} : { apiUrl }), interactivity },
    appsFile,
    allowedNetworks: networks.networks,
    serviceUrl,
    timing,
    sweepAfterMs,
    stopped: stop === 'true',
    tokens: named,
    functionTimeoutMs,
  };
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** App Service gives each app its own host name; tools that run one on a laptop do the same, without TLS. */
function serviceUrlOf(host: string | undefined): string | null {
  if (host === undefined) return null;
  return /^(127\.0\.0\.1|localhost)(:|$)/.test(host) ? `http://${host}` : `https://${host}`;
}

const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && URL.canParse(address) && loopback.has(new URL(address).hostname);

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The environment of this process, read. Nothing else in the house looks at it. */
export const settingsFromEnvironment = (): Settings => readSettings(process.env);
export const tablesSettingsFromEnvironment = (name?: 'Storage' | 'FromStorage'): TablesSettings =>
  readTablesSettings(process.env, name);
