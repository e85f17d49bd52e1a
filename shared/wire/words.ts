import * as v from 'valibot';
import type {
  AppName,
  BuildId,
  DeploymentId,
  EnvironmentName,
  InputId,
  LaneId,
  Sha256,
  Version,
} from '../lane/words.ts';

/** The brands of lane/words are made here and nowhere else. */
const NAME = /^[a-z0-9][a-z0-9-]{0,59}$/;
const LANE = /^[a-z0-9][a-z0-9-]{0,59}@[a-z0-9][a-z0-9-]{0,59}$/;
/** Safe as a table key, a session id and a path segment; `!` divides our row keys and is therefore left out. */
const KEY = /^[A-Za-z0-9._~@-]{1,200}$/;
const NAME_FAULT = 'must be 1–60 of a–z, 0–9 and -, beginning with a letter or digit';
const KEY_FAULT = 'must be 1–200 of A–Z, a–z, 0–9 and . _ ~ @ -';
/** Control characters and halves of surrogate pairs: neither survives tables and URLs. */
const UNUSABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

const key = <Brand extends string>() =>
  v.pipe(
    v.string(),
    v.regex(KEY, KEY_FAULT),
    v.transform((text) => text as Brand),
  );

export const appName = v.pipe(
  v.string(),
  v.regex(NAME, NAME_FAULT),
  v.transform((text) => text as AppName),
);
export const environmentName = v.pipe(
  v.string(),
  v.regex(NAME, NAME_FAULT),
  v.transform((text) => text as EnvironmentName),
);
export const lane = v.pipe(
  v.string(),
  v.regex(LANE, 'must be app@environment, each 1–60 of a–z, 0–9 and -'),
  v.transform((text) => text as LaneId),
);

/** `none` stands for "no version was reported" wherever reports are counted by version. */
export const isVersion = (text: string): boolean =>
  text.length <= 200 && text.trim() !== '' && !UNUSABLE.test(text) && text !== 'none';

export const VERSION_FAULT = 'must be 1–200 characters without control characters, and not the word none';

export const version = v.pipe(
  v.string(),
  v.check(isVersion, VERSION_FAULT),
  v.transform((text) => text as Version),
);

/** Upper case and the prefix `sha256:` are other spellings of the same digest. */
export const sha256 = v.pipe(
  v.string(),
  v.regex(/^(sha256:)?[0-9a-fA-F]{64}$/, 'must be 64 hex characters'),
  v.transform((text) => text.slice(-64).toLowerCase() as Sha256),
);

export const buildIdText = key<BuildId>();
export const deploymentIdText = key<DeploymentId>();
export const inputIdText = key<InputId>();

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** The instant an ISO 8601 text names; null when it names none, has no offset, or lies outside 2000–2199 (our keys count down from a fixed end). */
export function instantFrom(text: unknown): Date | null {
  if (typeof text !== 'string' || text.length > 40 || !INSTANT.test(text)) return null;
  const time = Date.parse(text);
  return time >= EARLIEST && time < LATEST ? new Date(time) : null;
}

export const INSTANT_FAULT = 'must be an ISO 8601 instant with Z or an offset, such as 2026-01-31T12:00:00Z';

export const instant = v.pipe(
  v.string(),
  v.check((text) => instantFrom(text) !== null, INSTANT_FAULT),
  v.transform((text) => new Date(text)),
);

/** One line or more of outside text: refused when longer, or when it cannot be stored. */
export const textUpTo = (most: number) =>
  v.pipe(
    v.string(),
    v.minLength(1, 'must not be empty'),
    v.maxLength(most, `must be at most ${most} characters`),
    v.check((text) => !/[\p{Cs}\0]/u.test(text), 'must be well-formed text'),
  );

/** Optional, and null means absent: many serialisers write what they do not have as null. */
export const maybe = <S extends v.GenericSchema<unknown, unknown>>(schema: S) =>
  v.pipe(
    v.nullish(schema),
    v.transform((value): v.InferOutput<S> | undefined => value ?? undefined),
  );

/**
 * Which form a message of ours has. Any other is left unread: it becomes a dead letter, and is not lost.
 */
export const formOf = (known: number) =>
  v.pipe(
    v.number(),
    v.check((form) => form === known, `must be ${known}: another version wrote this; send it again once that one runs`),
  );

export const wholeNumber = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );
