import { redactUrl } from '../../correlation/redact.ts';
import type { ErrorReport, Frame, Level, ReportedException } from '../../correlation/words.ts';
import type { AppName, EnvironmentName, Version } from '../../lane/words.ts';
import { type Decoded, decoded, refused } from '../decode.ts';
import { INSTANT_FAULT, instantFrom, isVersion, VERSION_FAULT } from '../words.ts';

/**
 * One error report, read by hand: this is the hot path, and a schema library costs more here than parsing the text does
 * (about 18 µs a report of 2.6 KB, against 4 µs for all of this). What a report must have is checked; of the rest what fits is kept, and cut to these sizes: a
 * report with one odd field still tells of an error.
 */
export const MOST = {
  exceptions: 50,
  frames: 200,
  tags: 50,
  message: 2_000,
  type: 200,
  name: 300,
  short: 200,
  url: 1_000,
  count: 1_000_000,
};

const NAME = /^[a-z0-9][a-z0-9-]{0,59}$/;
const LEVELS: Record<string, Level> = {
  debug: 'debug',
  info: 'info',
  warning: 'warning',
  warn: 'warning',
  error: 'error',
  fatal: 'fatal',
  critical: 'fatal',
};

type Fields = Record<string, unknown>;

/** Reads one report; `why` names every fault with its path below the report. */
export function readReport(raw: unknown): Decoded<ErrorReport> {
  if (!isFields(raw)) return refused('expected an object');
  const faults: string[] = [];
  const name = (key: 'app' | 'environment'): string => {
    const value = raw[key];
    if (typeof value === 'string' && NAME.test(value)) return value;
    faults.push(`${key}: ${value === undefined ? 'is missing' : 'must be 1–60 of a–z, 0–9 and -'}`);
    return '';
  };
  const app = name('app') as AppName;
  const environment = name('environment') as EnvironmentName;
  const version = readVersion(raw.version, faults);
  const occurredAt = instantFrom(raw.occurredAt);
  if (occurredAt === null) {
    faults.push(`occurredAt: ${raw.occurredAt === undefined ? 'is missing' : INSTANT_FAULT}`);
  }
  const exceptions = readExceptions(raw.exceptions, faults);
  const message = text(raw.message, MOST.message);
  if (exceptions.length === 0 && message === undefined && faults.length === 0) {
    faults.push('exceptions: is empty, and so is message; one of them must say what happened');
  }
  const count = raw.count ?? 1;
  if (!isCount(count)) faults.push(`count: must be a whole number from 1 to ${MOST.count}`);
  if (faults.length > 0 || occurredAt === null || !isCount(count)) return refused(faults.join('; '));
  return decoded({
    app,
    environment,
    version,
    occurredAt,
    level: LEVELS[String(raw.level).toLowerCase()] ?? 'error',
    exceptions,
    message,
    fingerprint: text(raw.fingerprint, MOST.short),
    user: readUser(raw.user),
    request: readRequest(raw.request),
    host: text(raw.host, MOST.name),
    count,
    tags: readTags(raw.tags),
  });
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST.count;

/** Halves of characters and NUL do not survive being stored. */
const UNSTORABLE = /[\p{Cs}\0]/u;

/** Text with something in it, cut to what is kept. */
function text(value: unknown, most: number): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const kept = value.length <= most ? value : value.slice(0, most);
  return UNSTORABLE.test(kept) ? kept.replace(/[\p{Cs}\0]/gu, '\ufffd') : kept;
}

function whole(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** Reporters without a version send null, nothing, an empty text, or the word none. */
function readVersion(value: unknown, faults: string[]): Version | undefined {
  if (value === undefined || value === null || value === '' || value === 'none') return undefined;
  if (typeof value === 'string' && isVersion(value)) return value as Version;
  faults.push(`version: ${VERSION_FAULT}`);
  return undefined;
}

function readExceptions(value: unknown, faults: string[]): ReportedException[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    faults.push('exceptions: expected a list');
    return [];
  }
  const kept: ReportedException[] = [];
  let frames = MOST.frames;
  for (const [index, item] of value.slice(0, MOST.exceptions).entries()) {
    const type = isFields(item) ? text(item.type, MOST.type) : undefined;
    const message = isFields(item) ? text(item.message, MOST.message) : undefined;
    if (!isFields(item) || (type === undefined && message === undefined)) {
      faults.push(`exceptions[${index}]: expected an object with type or message`);
      continue;
    }
    const own = readFrames(item.frames, frames);
    frames -= own.length;
    kept.push({ type: type ?? 'Error', message: message ?? '', frames: own });
  }
  return kept;
}

function readFrames(value: unknown, most: number): Frame[] {
  if (!Array.isArray(value)) return [];
  const kept: Frame[] = [];
  for (let index = 0; index < value.length && kept.length < most; index += 1) {
    const item: unknown = value[index];
    if (!isFields(item)) continue;
    kept.push({
      function: text(item.function, MOST.name),
      module: text(item.module, MOST.name),
      file: text(item.file, MOST.name),
      line: whole(item.line),
      column: whole(item.column),
      inApp: typeof item.inApp === 'boolean' ? item.inApp : undefined,
    });
  }
  return kept;
}

function readUser(value: unknown): { id: string } | undefined {
  if (!isFields(value)) return undefined;
  const id = text(typeof value.id === 'number' ? String(value.id) : value.id, MOST.short);
  return id === undefined ? undefined : { id };
}

function readRequest(value: unknown): { method: string; url: string } | undefined {
  if (!isFields(value)) return undefined;
  const url = text(value.url, 10_000);
  if (url === undefined) return undefined;
  return { method: text(value.method, 20)?.toUpperCase() ?? 'GET', url: redactUrl(url, MOST.url) };
}

function readTags(value: unknown): Record<string, string> {
  if (!isFields(value)) return {};
  const kept: [string, string][] = [];
  for (const [key, tag] of Object.entries(value)) {
    if (kept.length === MOST.tags) break;
    const told = typeof tag === 'number' || typeof tag === 'boolean' ? String(tag) : text(tag, MOST.short);
    if (told !== undefined && key !== '' && key.length <= 100) kept.push([key, told]);
  }
  return Object.fromEntries(kept);
}
