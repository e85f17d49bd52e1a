import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableServiceClient } from '@azure/data-tables';
import { ServiceBusClient, type ServiceBusMessage } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';
import declaration from '../../infra/local/declaration.json' with { type: 'json' };
import { startIdentity } from '../../infra/local/identity/start.ts';
import { root } from '../../infra/local/root.ts';
import type { ServiceBusConfig } from '../../infra/local/service-bus/configuration.ts';
import { startServiceBus } from '../../infra/local/service-bus/service-bus.ts';
import { type ServiceProcess, startService } from '../../infra/local/service-process.ts';
import { startSlack } from '../../infra/local/slack/slack.ts';
import { Answers, canary, findNoCanary } from '../canaries.ts';
import { startStorage } from '../local-azure.ts';
import { freePort } from './free-port.ts';
import { type LogLine, readLog } from './log-lines.ts';

/** Who asks. `other`: a token nobody knows. */
export type Asker = 'read' | 'report' | 'deploy' | 'command' | 'all' | 'other' | 'nobody';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Null where the body is no JSON. */
  body: Record<string, unknown> | null;
}

/** A list inside an answer; empty where there is none. */
export const listIn = ({ body }: Answer, name: string): Record<string, unknown>[] =>
  (body?.[name] ?? []) as Record<string, unknown>[];

export interface Asking {
  as?: Asker;
  /** A text or bytes go as they are, anything else as JSON. */
  body?: unknown;
  type?: string | null;
  headers?: Record<string, string>;
}

export interface RunningService {
  origin: string;
  storage: string;
  slack: string;
  appsFile: string;
  tokens: Readonly<Record<Exclude<Asker, 'nobody'>, string>>;
  host: ServiceProcess;
  /** App settings to change at its next start; null: left out. */
  set(changes: Record<string, string | null>): void;
  ask(method: string, path: string, asking?: Asking): Promise<Answer>;
  /** Sends what a real sender sends: a text or bytes as they are, anything else as JSON. */
  send(queue: string, body: unknown, more?: Partial<ServiceBusMessage>): Promise<void>;
  sendMany(queue: string, messages: ServiceBusMessage[]): Promise<void>;
  /** Runs a timer's function now. */
  run(timer: 'fold' | 'sweep' | 'forget'): Promise<void>;
  /** Hears what is answered to requests that are not sent by `ask`. */
  answers: Answers;
  log(): LogLine[];
  /** Where its output is written to. */
  logFile: string;
  close(): Promise<void>;
}

export interface ServiceOptions {
  apps: string;
  /** App settings to change; null: left out. */
  settings?: Record<string, string | null>;
  /** What its process is started with. */
  env?: Record<string, string>;
  /** Of every lock; as declared when absent. */
  lockSeconds?: number;
}

const rights = ['read', 'report', 'deploy', 'command'] as const;
const SLACK_TOKEN = `xoxb-${canary('slack-token')}`;

/**
 * The built service as a process, with Service Bus, storage, Slack and an identity that are real, and an App Service that does not
 * answer: for what no site is needed for. Its timers run by hand only.
 */
export async function startAlone(options: ServiceOptions): Promise<RunningService> {
  const dir = mkdtempSync(join(tmpdir(), 'warmswap-service-'));
  const appsFile = join(dir, 'apps.yaml');
  writeFileSync(appsFile, options.apps);
  const [bus, storage, slack, identity, port] = await Promise.all([
    startServiceBus({
      port: 0,
      dataDir: join(dir, 'bus'),
      keyName: 'local',
      key: canary('service-bus-key'),
      entities: entities(options),
    }),
    startStorage(),
    startSlack({ port: 0, token: SLACK_TOKEN, botName: 'Warmswap' }),
    startIdentity({ port: 0, header: canary('identity-header'), tokenKey: canary('identity-key') }),
    freePort(),
  ]);
  await declareStorage(storage.connectionString);
  const tokens = tokensOf();
  const env: Record<string, string> = {};
  const set = (changes: Record<string, string | null>): void => {
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) delete env[name];
      else env[name] = value;
    }
  };
  set({
    ServiceBus: bus.addresses.connectionString,
    Storage: storage.connectionString,
    IDENTITY_ENDPOINT: identity.addresses.endpoint,
    IDENTITY_HEADER: identity.addresses.header,
    WEBSITE_HOSTNAME: `127.0.0.1:${port}`,
    WARMSWAP_APPS_FILE: appsFile,
    WARMSWAP_ARM_ENDPOINT: `https://127.0.0.1:${await freePort()}`,
    WARMSWAP_ALLOWED_NETWORKS: '127.0.0.0/8,::1/128',
    WARMSWAP_SLACK_TOKEN: SLACK_TOKEN,
    WARMSWAP_SLACK_API_URL: slack.addresses.api,
    WARMSWAP_TOKENS: JSON.stringify(settingOf(tokens)),
    WARMSWAP_PROFILE: 'test',
    WARMSWAP_TIMING: JSON.stringify({ patrolMs: 600_000 }),
    ...options.settings,
  });
  let broken: string | null = null;
  const host = await startService(
    { appDir: join(root, 'dist/app'), port, env, timers: false },
    { env: options.env ?? {}, logDir: dir },
    (what) => {
      broken = what;
    },
  );
  const client = new ServiceBusClient(bus.addresses.connectionString, {
    retryOptions: { maxRetries: 2, timeoutInMs: 5_000 },
  });
  const origin = `http://127.0.0.1:${port}`;
  const logFile = join(dir, 'functions-host.log');
  const answers = new Answers();
  const ask = async (method: string, path: string, asking: Asking = {}): Promise<Answer> => {
    const answer = await answerOf(await fetch(`${origin}${path}`, requestOf(method, asking, tokens)));
    answers.hear(`${method} ${path}`, answer.text, answer.headers);
    return answer;
  };
  const sendMany = async (queue: string, messages: ServiceBusMessage[]): Promise<void> => {
    const sender = client.createSender(queue);
    for (let from = 0; from < messages.length; from += 10) await sender.sendMessages(messages.slice(from, from + 10));
    await sender.close();
  };
  return {
    origin,
    storage: storage.connectionString,
    slack: slack.addresses.page,
    appsFile,
    tokens,
    host,
    set,
    ask,
    send: (queue, body, more = {}) =>
      sendMany(queue, [{ body: typeof body === 'string' ? Buffer.from(body, 'utf8') : body, ...more }]),
    sendMany,
    async run(timer) {
      await fetch(`${origin}/admin/functions/${timer}`, { method: 'POST', body: '{}' });
    },
    answers,
    log: () => readLog(readFileSync(logFile, 'utf8')),
    logFile,
    async close() {
      await client.close();
      await host.stop();
      try {
        const { connectionString } = storage;
        await findNoCanary({ storage: connectionString, slack: slack.addresses.page, logDir: dir, answers });
      } finally {
        await Promise.all([bus.close(), storage.close(), slack.close(), identity.close()]);
        rmSync(dir, { recursive: true, force: true });
      }
      if (broken !== null) throw new Error(broken);
    },
  };
}

/** What an answer of the service comes to. */
async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: Record<string, unknown> | null = null;
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Only /healthz and the host's own 404 answer without JSON.
  }
  return { status: response.status, headers: response.headers, text, body };
}

function requestOf(
  method: string,
  { as = 'all', body, type = 'application/json', headers = {} }: Asking,
  tokens: RunningService['tokens'],
): RequestInit {
  const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  return {
    method,
    headers: {
      ...(as === 'nobody' ? {} : { authorization: `Bearer ${tokens[as]}` }),
      ...(body === undefined || type === null ? {} : { 'content-type': type }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    signal: AbortSignal.timeout(25_000),
  };
}

function entities({ lockSeconds }: ServiceOptions): ServiceBusConfig['entities'] {
  const declared = declaration.serviceBus as ServiceBusConfig['entities'];
  if (lockSeconds === undefined) return declared;
  const queues = Object.entries(declared.queues).map(([name, queue]) => [name, { ...queue, lockSeconds }]);
  return { ...declared, queues: Object.fromEntries(queues) };
}

async function declareStorage(connectionString: string): Promise<void> {
  const tables = TableServiceClient.fromConnectionString(connectionString, { allowInsecureConnection: true });
  for (const table of declaration.storage.tables) await tables.createTable(table);
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  for (const container of declaration.storage.containers) await blobs.getContainerClient(container).createIfNotExists();
}

function tokensOf(): RunningService['tokens'] {
  const token = (name: string): string => canary(`token-${name}`);
  return {
    read: token('read'),
    report: token('report'),
    deploy: token('deploy'),
    command: token('command'),
    all: token('all'),
    other: token('other'),
  };
}

/** One token for each right, and one with all of them. */
function settingOf(tokens: RunningService['tokens']): object[] {
  const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');
  return [
    ...rights.map((right) => ({ name: `may ${right}`, sha256: sha256(tokens[right]), rights: [right] })),
    { name: 'may all', sha256: sha256(tokens.all), rights: [...rights] },
  ];
}
