import type { FirstCall } from './builds/measure-first-call.ts';
import type { Clicks } from './clicks/measure-clicks.ts';
import type { Errors } from './errors/measure-errors.ts';
import type { Line } from './report.ts';
import type { Load, StartUp } from './start-up/measure-start-up.ts';

export interface Results {
  startUp: StartUp;
  firstCall: FirstCall;
  errors: Errors;
  clicks: Clicks;
}

/** What the numbers are held to: ratios within one run, since machines differ. */
export const TARGETS = { startRatio: 1.5, requestsPerThousand: 40, drainedRatio: 20 } as const;

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
const times = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)}×`;
const perSecond = (value: number): string => `${value.toFixed(0)}/s`;

/** What the lines of the table do not say. */
export const NOTE = `¹ import() of main.js, which is the start of the error, marker and deploy path alike; everything else is loaded with a first event.
² main.js and then the chunks that event loads before the library of the tables is asked for.
Each sample is a process of its own, in turn; processor time; ratios of medians of one run.`;

export function linesOf({ startUp, firstCall, errors, clicks }: Results): Line[] {
  const { errorReports, postErrors, postMarker } = startUp.paths;
  const shown = (what: string, measured: string, against = ''): Line => ({
    what,
    measured,
    against,
    target: '',
    kept: null,
  });
  const loaded = (what: string, { emptyMs }: StartUp, { ms: took, ratio }: Load): Line =>
    shown(what, times(ratio), `${ms(took)} / ${ms(emptyMs)}`);
  return [
    {
      what: 'module load at the start ¹, of an empty bundled app',
      measured: times(startUp.start.ratio),
      against: `${ms(startUp.start.ms)} / ${ms(startUp.emptyMs)}`,
      target: `≤ ${TARGETS.startRatio}×`,
      kept: startUp.start.ratio <= TARGETS.startRatio,
    },
    loaded('  and with what the first error report on the queue loads ²', startUp, errorReports),
    loaded('  and with what the first POST of errors loads ²', startUp, postErrors),
    loaded('  and with what the first POST of a marker loads ²', startUp, postMarker),
    shown('first error event of a process, tables loaded', ms(startUp.firstErrorEventMs)),
    shown('event sent → first ARM call, median', ms(firstCall.medianMs)),
    shown('  p99', ms(firstCall.p99Ms)),
    shown('  on the queue · decided · ARM asked', partsOf(firstCall)),
    shown('  first build of a process', ms(firstCall.firstInProcessMs)),
    {
      what: 'table requests per 1,000 error reports',
      measured: errors.requestsPerThousand.toFixed(0),
      against: errors.peerRequestsPerThousand.toFixed(0),
      target: `≤ ${TARGETS.requestsPerThousand}`,
      kept: errors.requestsPerThousand <= TARGETS.requestsPerThousand,
    },
    {
      what: 'error reports drained, of one at a time',
      measured: times(errors.ratio),
      against: `${perSecond(errors.drainedPerSecond)} / ${perSecond(errors.peerPerSecond)}`,
      target: `≥ ${TARGETS.drainedRatio}×`,
      kept: errors.ratio >= TARGETS.drainedRatio,
    },
    shown('click in Slack → answered, median · p99', pairOf(clicks.answeredMs, clicks.answeredP99Ms)),
    shown('  → first effect', pairOf(clicks.effectMs, clicks.effectP99Ms)),
    shown('  → the person can read what became of it', pairOf(clicks.shownMs, clicks.shownP99Ms)),
  ];
}

const pairOf = (middle: number, high: number): string => `${ms(middle)} · ${ms(high)}`;
const partsOf = ({ acceptedMs, decidedMs, calledMs }: FirstCall): string =>
  [acceptedMs, decidedMs, calledMs].map(ms).join(' · ');
