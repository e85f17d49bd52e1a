import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { TableClient, TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import type { LocalSecrets } from '../infra/local/stack-secrets.ts';

/**
 * Recognisable secrets. Every harness that starts the service plants them and looks for them as it closes, in everything the service
 * wrote, told or answered, so that whatever a test does is a test of this as well.
 */
export const canary = (what: string): string =>
  `canary-${what}-${createHash('sha256').update(`canary ${what}`).digest('hex').slice(0, 24)}`;

/** In the address of a package, which whoever has it may read; and in that of a request that failed, as a visitor sent it. */
export const ARTEFACT = canary('artefact');
export const VISITOR = canary('visitor');

/** The well-known key of the local storage account is as recognisable as any. */
const STORAGE_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6';

/** Where a secret may lie all the same, and why. */
const homes: { secret: string; place: RegExp; because: string }[] = [
  {
    secret: ARTEFACT,
    place: /^table Lanes, row [^ ]+ (?:lane|build!|effect!)/,
    because: 'the package is fetched by this address, and again where that failed',
  },
  {
    secret: ARTEFACT,
    place: /^table DeadLetters, row /,
    because: 'a replay sends byte for byte what was received; what is shown of it is without',
  },
  { secret: VISITOR, place: /^table DeadLetters, row /, because: 'the same' },
];

/** Any form in which a secret is still one. */
const forms = (text: string): string[] => [
  text,
  encodeURIComponent(text),
  Buffer.from(text).toString('base64').slice(0, -4),
];
const KEYS = forms(STORAGE_KEY);
/** The beginning is enough: what was cut is found as well. In base64 it has three forms, by where it begins. */
const MARK = /canary-[a-z-]{3,}|Y2FuYXJ5L|NhbmFyeS[0-3]|jYW5hcnkt/g;

/** What a text gives away, where it may not. */
export function leaksIn(text: string, place: string): string[] {
  const found = new Set([...text.matchAll(MARK)].map(([secret]) => secret));
  const leaks = [...found].filter(
    (name) => !homes.some(({ secret, place: home }) => secret.startsWith(name) && home.test(place)),
  );
  if (KEYS.some((key) => text.includes(key))) leaks.push('the key of the storage account');
  return leaks.map((name) => `${name} in ${place}`);
}

/** What the service answers, looked through as it is heard. */
export class Answers {
  readonly leaks: string[] = [];

  /** `headers`: names and values. */
  hear(what: string, text: string, headers: Iterable<readonly [string, string]>): void {
    const head = [...headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    this.leaks.push(...leaksIn(`${head}\n${text}`, `the answer to ${what}`));
  }
}

/** Makes the secrets of a local Azure that is about to be started in this folder; it takes those it finds there. */
export function plantInStack(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true });
  const secrets = {
    busKey: canary('service-bus-key'),
    identityHeader: canary('identity-header'),
    tokenKey: canary('identity-key'),
    slackToken: `xoxb-${canary('slack-token')}`,
    slackSigningSecret: canary('signing-secret'),
    operatorToken: canary('token-operator'),
    eventGridKey: canary('event-grid-key'),
  } satisfies LocalSecrets;
  writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
}

export interface Places {
  /** Connection string. */
  storage: string;
  /** Address of its page. */
  slack: string;
  /** A folder of log files. */
  logDir: string;
  answers: Answers;
}

/** Looks through everything. Throws an error that names each secret that was found, and where. */
export async function findNoCanary({ storage, slack, logDir, answers }: Places): Promise<void> {
  const told = await Promise.all([inTables(storage), inBlobs(storage), inSlack(slack)]);
  const leaks = [...told.flat(), ...inLogs(logDir), ...answers.leaks];
  if (leaks.length > 0) throw new Error(`secrets were given away:\n${[...new Set(leaks)].slice(0, 20).join('\n')}`);
}

async function inTables(storage: string): Promise<string[]> {
  const insecure = { allowInsecureConnection: true };
  const leaks: string[] = [];
  for await (const { name = '' } of TableServiceClient.fromConnectionString(storage, insecure).listTables()) {
    for await (const row of TableClient.fromConnectionString(storage, name, insecure).listEntities()) {
      const place = `table ${name}, row ${row.partitionKey} ${row.rowKey}`;
      for (const value of Object.values(row)) {
        if (typeof value !== 'string') continue;
        leaks.push(...leaksIn(value, place), ...leaksIn(inflated(value), place));
      }
    }
  }
  return leaks;
}

/** What counts of errors are packed into; empty where a value is none. */
function inflated(value: string): string {
  if (!/^"?[\w+/]{16,}={0,2}"?$/.test(value)) return '';
  try {
    return inflateRawSync(Buffer.from(value.replaceAll('"', ''), 'base64')).toString('utf8');
  } catch {
    return '';
  }
}

/** Names and metadata; what is in a package is its owner's. */
async function inBlobs(storage: string): Promise<string[]> {
  const leaks: string[] = [];
  for await (const blob of BlobServiceClient.fromConnectionString(storage)
    .getContainerClient('packages')
    .listBlobsFlat({ includeMetadata: true }))
    leaks.push(...leaksIn(JSON.stringify([blob.name, blob.metadata]), `blob packages/${blob.name}`));
  return leaks;
}

/** What all see, and what one person alone sees. */
async function inSlack(page: string): Promise<string[]> {
  const texts = ['messages', 'ephemeral'].map(async (kind) => {
    const answer = await fetch(new URL(`/_control/${kind}`, page));
    if (!answer.ok) throw new Error(`the local Slack answers ${answer.status} for its ${kind}`);
    const { messages } = (await answer.json()) as { messages: unknown[] };
    return messages.flatMap((message) => leaksIn(JSON.stringify(message), `Slack's ${kind}`));
  });
  return (await Promise.all(texts)).flat();
}

function inLogs(dir: string): string[] {
  const files = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.log')) : [];
  if (files.length === 0) throw new Error(`there is no log in ${dir}`);
  return files.flatMap((name) =>
    readFileSync(join(dir, name), 'utf8')
      .split('\n')
      .flatMap((line) => leaksIn(line, `the log ${basename(name)}: ${line.slice(0, 120)}`)),
  );
}
