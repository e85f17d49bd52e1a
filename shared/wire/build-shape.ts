import * as v from 'valibot';
import { buildIdText, instant, maybe, sha256, textUpTo, version, wholeNumber } from './words.ts';

/** The shape of a build as our own messages carry it; outside events are read by wire/builds. */

export const MOST_COMMITS = 100;

export const person = v.object({ name: textUpTo(200), email: maybe(textUpTo(320)) });

export const commit = v.object({
  sha: textUpTo(64),
  message: v.pipe(v.string(), v.maxLength(500, 'must be at most 500 characters')),
  author: person,
  timestamp: maybe(instant),
});

export const build = v.object({
  id: buildIdText,
  source: textUpTo(500),
  version,
  commit: v.object({ sha: textUpTo(64), ref: maybe(textUpTo(500)), repository: maybe(textUpTo(500)) }),
  commits: v.pipe(v.array(commit), v.maxLength(MOST_COMMITS, `must be at most ${MOST_COMMITS} commits`)),
  artifact: v.object({
    url: textUpTo(4000),
    sha256,
    size: maybe(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
  }),
  number: maybe(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
  definition: maybe(textUpTo(500)),
  url: maybe(textUpTo(2000)),
  finishedAt: instant,
  arrivedAt: instant,
  requestedBy: maybe(person),
  schemaChange: v.picklist(['none', 'expand', 'contract']),
});
