import * as v from 'valibot';

/** The small facts every build event has, whoever sends it. */

/** A git commit, also abbreviated. */
export const commitSha = v.pipe(
  v.string(),
  v.regex(/^[0-9a-fA-F]{7,64}$/, 'must be a commit id of 7–64 hex characters'),
  v.transform((text) => text.toLowerCase()),
);

/** Some senders write the number as text. */
export const buildNumber = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'must be a whole number'), v.transform(Number))]),
  v.integer('must be a whole number'),
  v.minValue(0, 'must be at least 0'),
  v.maxValue(Number.MAX_SAFE_INTEGER, 'must be a whole number that can be counted to'),
);

/** What a person opens. */
export const webAddress = v.pipe(
  v.string(),
  v.maxLength(2000, 'must be at most 2000 characters'),
  v.check((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'must be an http or https address'),
);

/**
 * Where the artefact is fetched from. Its query may hold a signature, so it does not go over plain http except on this machine,
 * and a name and password in it are refused rather than sent along.
 */
export const artifactAddress = v.pipe(
  v.string(),
  v.maxLength(4000, 'must be at most 4000 characters'),
  v.check(isArtifactAddress, 'must be an https address without user name and password (http only on this machine)'),
);

function isArtifactAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(hostname));
}

const MOST_MESSAGE = 300;

/** The first line with something in it, without what cannot be stored. */
export function firstLine(message: string): string {
  const start = message.slice(0, 10_000).trimStart();
  const line = (start.split(/[\r\n\u2028\u2029]/, 1)[0] ?? '').slice(0, MOST_MESSAGE);
  return line.replace(/[\p{Cc}\p{Cs}]/gu, ' ').trim();
}
