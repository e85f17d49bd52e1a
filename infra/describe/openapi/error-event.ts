import * as v from 'valibot';
import { MOST } from '../../../shared/wire/errors/report.ts';
import { appName, environmentName, instant, maybe, version, wholeNumber } from '../../../shared/wire/words.ts';

/**
 * Error reports as they are to be sent. The service reads them by hand, for speed, and leniently: what is longer is cut, and what has another type
 * is passed over. This says what is kept whole.
 */
const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const whole = wholeNumber(0, Number.MAX_SAFE_INTEGER);

const frame = v.object({
  function: maybe(text(MOST.name)),
  module: maybe(text(MOST.name)),
  file: maybe(text(MOST.name)),
  line: maybe(whole),
  column: maybe(whole),
  inApp: maybe(v.boolean()),
});

const exception = v.object({
  type: v.pipe(v.string(), v.minLength(1), v.maxLength(MOST.type)),
  message: maybe(text(MOST.message)),
  frames: maybe(v.pipe(v.array(frame), v.maxLength(MOST.frames), v.description('Newest first.'))),
});

const report = v.object({
  app: appName,
  environment: environmentName,
  version: maybe(version),
  occurredAt: instant,
  level: maybe(v.picklist(['debug', 'info', 'warning', 'error', 'fatal'])),
  exceptions: v.pipe(
    v.array(exception),
    v.minLength(1),
    v.maxLength(MOST.exceptions),
    v.description('Outermost first. It may be missing where `message` says what happened.'),
  ),
  message: maybe(text(MOST.message)),
  fingerprint: maybe(text(MOST.short)),
  user: maybe(v.object({ id: text(MOST.short) })),
  request: maybe(v.object({ method: text(20), url: text(10_000) })),
  host: maybe(text(MOST.name)),
  count: maybe(wholeNumber(1, MOST.count)),
  tags: maybe(v.record(v.string(), text(MOST.short))),
});

/** What a report with a message alone looks like. */
const messageReport = v.object({
  ...report.entries,
  exceptions: v.optional(v.pipe(v.array(exception), v.maxLength(MOST.exceptions))),
  message: v.pipe(v.string(), v.minLength(1), v.maxLength(MOST.message)),
});

export const errorReport = v.union([report, messageReport]);
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

const event = v.object({
  specversion: v.literal('1.0'),
  id: name,
  source: name,
  type: v.literal('io.warmswap.error.reported'),
  data: v.union([errorReport, v.pipe(v.array(errorReport), v.minLength(1), v.maxLength(10_000))]),
});

/** One event, or a CloudEvents batch of them. */
export const errorMessage = v.union([event, v.pipe(v.array(event), v.minLength(1))]);
