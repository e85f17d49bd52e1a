import * as v from 'valibot';
import { duration } from './duration.ts';

/**
 * The shape of apps.yaml, as its owner writes it. An app's own keys are defaults for its environments, so nothing below is required
 * here: what must be there after both are laid together is judged by resolve. Generates apps.schema.json, hence the descriptions.
 */

const told = <S extends v.GenericSchema<unknown, unknown>>(schema: S, what: string) =>
  v.optional(v.pipe(schema, v.description<v.InferOutput<S>, string>(what)));

const text = (most: number) =>
  v.pipe(v.string(), v.minLength(1, 'must not be empty'), v.maxLength(most, `must be at most ${most} characters`));

const whole = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );

/** A second slash would name another host. */
const path = v.pipe(
  v.string(),
  v.regex(/^\/(?!\/)[^\s#\\]{0,499}$/, 'must be a path such as /health, without spaces or #'),
);

const status = whole(100, 599);

const site = v.strictObject({
  subscription: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/, 'must be a subscription id'))),
  resourceGroup: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\w.()-]{0,89}[\w()-]$/, 'must be a resource group name (1–90 of letters, digits, . _ - and brackets)'),
    ),
  ),
  name: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,59}$/, 'must be the site name, without its domain')),
  ),
  slot: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^(?![Pp][Rr][Oo][Dd][Uu][Cc][Tt][Ii][Oo][Nn]$)[A-Za-z0-9][A-Za-z0-9-]{0,58}$/,
        'must be the name of the slot to stage in, not production',
      ),
    ),
  ),
});

const versionFrom = v.strictObject({
  path,
  pointer: v.optional(
    v.pipe(v.string(), v.regex(/^(\/[^\s]{0,200}){1,10}$/, 'must be a JSON pointer such as /version')),
  ),
  header: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a response header'))),
});

const warmUp = v.strictObject({
  path: v.optional(path),
  statuses: v.optional(
    v.pipe(v.array(status), v.minLength(1, 'must name at least one status'), v.maxLength(10, 'must be at most 10')),
  ),
  timesInARow: v.optional(whole(1, 20)),
  every: v.optional(duration('100ms', '5m')),
  deadline: v.optional(duration('1s', '1h')),
});

const check = v.strictObject({
  name: v.optional(text(100)),
  path,
  status: v.optional(status),
  contains: v.optional(text(500)),
  maxLatency: v.optional(duration('1ms', '60s')),
});

/** E-mail addresses, names of tokens, `@handle` of a Slack user group, or `authors`. */
const people = v.pipe(v.array(text(200)), v.maxLength(50, 'must be at most 50'));

const approval = v.union([
  v.literal('off'),
  v.strictObject({
    required: v.optional(v.boolean()),
    approvers: v.optional(people),
    mayApproveOwn: v.optional(v.boolean()),
    breakGlass: v.optional(people),
    expiresAfter: v.optional(duration('1s', '168h')),
    remindBefore: v.optional(v.union([v.literal('off'), duration('1s', '24h')])),
  }),
]);

const watch = v.strictObject({
  for: v.optional(duration('1s', '24h')),
  every: v.optional(duration('100ms', '10m')),
});

const positive = (most: number) =>
  v.pipe(v.number(), v.gtValue(0, 'must be more than 0'), v.maxValue(most, `must be at most ${most}`));

const errorLimits = v.strictObject({
  newGroupReports: v.optional(whole(1, 1_000_000)),
  ratio: v.optional(positive(1_000)),
  perMinute: v.optional(positive(1_000_000)),
});

const rollback = v.strictObject({
  mode: v.optional(v.picklist(['automatic', 'ask'])),
  askExpiresAfter: v.optional(duration('1s', '24h')),
  holdAfter: v.optional(v.boolean()),
});

const arrivals = v.union([v.picklist(['supersede', 'refuse']), v.strictObject({ queue: whole(1, 20) })]);

const slack = v.strictObject({
  channel: v.pipe(v.string(), v.regex(/^#?[^\s#@<>&|]{1,80}$/, 'must be a channel name or id')),
});

const lane = {
  mode: told(
    v.picklist(['observe', 'stage', 'swap']),
    'observe: only say what would be done; stage: stop before the swap; swap: go live.',
  ),
  site: told(site, 'The App Service site and the slot builds are staged in.'),
  versionFrom: told(
    versionFrom,
    'Where the app answers its version, from a file inside its package: a pointer into a JSON body, or a header.',
  ),
  warmUp: told(warmUp, 'What the slot must answer before it counts as warm.'),
  checks: told(
    v.pipe(v.array(check), v.maxLength(20, 'must be at most 20 checks')),
    'Questions put to the slot before the swap, and to production while it is watched.',
  ),
  approval: told(approval, 'off, or who has to agree before the swap.'),
  operators: told(
    people,
    'Who may hold, release, roll back and retry from Slack: addresses, @groups or authors. Approvers always may.',
  ),
  watch: told(watch, 'How long, and how often, a new version is judged after it went live.'),
  errorLimits: told(errorLimits, 'What makes a version bad.'),
  rollback: told(rollback, 'What happens when it is bad.'),
  arrivals: told(arrivals, 'What a newer build does to one that waits.'),
  slack: told(slack, 'Where people are told.'),
};

/** A name made of digits alone would lose its place among the others when the file is read. */
const name = v.pipe(
  v.string(),
  v.regex(/^(?=.*[a-z])[a-z0-9][a-z0-9-]{0,59}$/, 'must be 1–60 of a–z, 0–9 and -, with at least one letter'),
);

const environment = v.strictObject(lane);

const app = v.strictObject({
  ...lane,
  environments: v.pipe(v.record(name, environment), v.minEntries(1, 'must name at least one environment')),
});

export const appsShape = v.strictObject({
  apps: v.pipe(v.record(name, app), v.minEntries(1, 'must name at least one app')),
});

/** One lane's keys as written; durations already in milliseconds. */
export type LaneShape = v.InferOutput<typeof environment>;
