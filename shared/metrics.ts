/** What a metric is measured in, what sets its values apart, and what one line of it says. */
interface Kind {
  unit: 'lanes' | 'deployments' | 'ms' | 'letters' | 'reports';
  dimensions: readonly string[];
  says: string;
}

/**
 * Every metric there is: the platform ships the lines, and alerts ask for these names. A line is written after what it tells of was
 * saved. A crash between the two loses it, and a message that is handled again may repeat one: they are for looking and alarming, and
 * the tables are what is true.
 */
export const METRICS = {
  'lanes.overdue': {
    unit: 'lanes',
    dimensions: [],
    says: 'each minute: lanes whose clock should have come a minute ago and did not; the sweep wakes them',
  },
  'deployment.ended': {
    unit: 'deployments',
    dimensions: ['lane', 'deployment', 'outcome'],
    says: 'one deployment ended, and how',
  },
  'deployment.lead-time': {
    unit: 'ms',
    dimensions: ['lane', 'deployment', 'part'],
    says: 'of a build that went live, from its acceptance: `machine`, and `human`, the wait for an approval; two lines, whose sum it is',
  },
  'deployment.stage': {
    unit: 'ms',
    dimensions: ['lane', 'deployment', 'stage'],
    says: 'how long an ended deployment was in a stage, once for each time it was',
  },
  'act.ended': {
    unit: 'ms',
    dimensions: ['lane', 'deployment', 'act', 'end'],
    says: 'a publish, settings, swap or reset ended, counted from its claim: `done`, `again` (it changed nothing and is tried once more), `failed`, `needs-human`, or `given-up` before it was sent',
  },
  'dead-letter.kept': { unit: 'letters', dimensions: ['source'], says: 'a message that could not be read was stored' },
  'errors.counted': { unit: 'reports', dimensions: ['lane'], says: 'reports that came to the counts with one fold' },
  'errors.late': {
    unit: 'reports',
    dimensions: ['lane'],
    says: 'reports that one fold found to have come after their minute was compacted; they are shown apart',
  },
  'fold.lanes': { unit: 'lanes', dimensions: [], says: 'lanes that one run of the timer folded' },
  'fold.left': { unit: 'lanes', dimensions: [], says: 'lanes that it left to its next run, because its time was over' },
  'fold.duration': { unit: 'ms', dimensions: [], says: 'how long that run took' },
} as const satisfies Record<string, Kind>;

export type Metric = keyof typeof METRICS;
type Dimension<Name extends Metric> = (typeof METRICS)[Name]['dimensions'][number];
/** Exactly those of the list; none where it has none. */
export type Dimensions<Name extends Metric> = [Dimension<Name>] extends [never]
  ? Readonly<Record<string, never>>
  : Readonly<Record<Dimension<Name>, string>>;

/** Writes one line: `{"what":"metric","metric":…,"value":…}` and its dimensions. */
export function metric<Name extends Metric>(
  log: { info(what: string, facts: Record<string, unknown>): void },
  name: Name,
  value: number,
  dimensions: Dimensions<Name>,
): void {
  log.info('metric', { metric: name, value, ...dimensions });
}
