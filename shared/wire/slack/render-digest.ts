import type { DeploymentRecord, Lane } from '../../lane/lane.ts';
import { context, linesUpTo, type Message, message, section, until } from './blocks.ts';
import { escapeText } from './escape.ts';
import { headline } from './headline.ts';
import { lengthOf } from './stages.ts';

/** A day (its first instant, UTC) of the lanes that report to one channel. */
export interface DigestToShow {
  day: Date;
  lanes: readonly DigestLane[];
}

export interface DigestLane {
  lane: Lane;
  /** Those that entered a stage in the day. */
  deployments: readonly DeploymentRecord[];
  /** First seen in the day. */
  newErrors: readonly { title: string; firstVersion: string | null; total: number; ignored: boolean }[];
}

const DAY_MS = 86_400_000;

/** What happened in a day: deployments, how long they took and how much of it was waiting for people, rollbacks, new errors, what waits. */
export function renderDigest({ day: from, lanes }: DigestToShow): Message {
  const day = { from: from.getTime(), to: from.getTime() + DAY_MS };
  const wentLive = lanes.flatMap(({ deployments }) =>
    deployments.filter(({ kind, liveAt }) => kind === 'deploy' && within(liveAt, day)),
  );
  const back = lanes.flatMap(({ deployments }) =>
    deployments.filter((record) => isRollback(record) && within(endOf(record), day)),
  );
  const failed = lanes.flatMap(({ deployments }) =>
    deployments.filter((record) => FAILED.has(record.outcome ?? '') && within(endOf(record), day)),
  );
  const errors = lanes.flatMap(({ newErrors }) => newErrors.filter(({ ignored }) => !ignored));
  const waits = lanes.flatMap(({ lane }) => waiting(lane));
  const title = `Warmswap, ${from.toISOString().slice(0, 10)}: ${counted(wentLive.length, 'deployment')}, ${counted(back.length, 'rollback')}, ${counted(errors.length, 'new error')}`;
  return message(waits.length === 0 ? title : `${title}, ${waits.length} waiting`, [
    section(`📊 *${title}*`),
    section(linesUpTo(wentLive.map(liveLine), 15)),
    leadTimes(wentLive),
    section(linesUpTo([...back, ...failed].map(endLine), 10)),
    section(
      linesUpTo(
        errors.map(
          ({ title: error, firstVersion, total }) =>
            `🐞 ${escapeText(error, 150)} · new in ${escapeText(firstVersion ?? 'no known version', 60)} · ${total}×`,
        ),
        10,
      ),
    ),
    waits.length === 0 ? context('nothing waits') : section(linesUpTo(waits, 15)),
  ]);
}

const FAILED = new Set<string>(['failed', 'needs-human', 'expired']);

interface Day {
  from: number;
  to: number;
}

const within = (at: Date | null, { from, to }: Day): boolean =>
  at !== null && at.getTime() >= from && at.getTime() < to;

const isRollback = ({ kind, outcome }: DeploymentRecord): boolean =>
  outcome === 'rolled-back' || (kind === 'rollback' && outcome === 'live');

const endOf = ({ stages }: DeploymentRecord): Date | null =>
  stages.findLast(({ stage }) => stage === 'done')?.at ?? null;

/** From the end of the build to going live. */
const leadMs = ({ build, liveAt }: DeploymentRecord): number =>
  liveAt === null ? 0 : Math.max(0, liveAt.getTime() - build.finishedAt.getTime());

/** Of that, the time a person was waited for. */
function humanWaitMs({ stages }: DeploymentRecord): number {
  return stages.reduce((sum, { stage, at }, index) => {
    const next = stages[index + 1];
    return stage === 'awaiting-approval' && next !== undefined ? sum + next.at.getTime() - at.getTime() : sum;
  }, 0);
}

function liveLine(record: DeploymentRecord): string {
  const human = humanWaitMs(record);
  const waited = human === 0 ? '' : `, of which ${lengthOf(human)} waiting for a person`;
  const by = record.requestedBy === null ? '' : ` · by ${escapeText(record.requestedBy, 60)}`;
  return `${record.brokeGlass ? '🚨' : '•'} *${escapeText(record.lane)}* ${escapeText(record.build.version, 60)} · ${lengthOf(leadMs(record))} after its build${waited}${by}`;
}

/** The middle one of them: one that waited over night does not hide the others. */
function leadTimes(records: readonly DeploymentRecord[]): object | null {
  if (records.length < 2) return null;
  const machine = records.map((record) => leadMs(record) - humanWaitMs(record));
  return context(
    `median from build to live ${lengthOf(median(records.map(leadMs)))} · without people ${lengthOf(median(machine))} · waiting for people ${lengthOf(median(records.map(humanWaitMs)))}`,
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

/** A rollback that came to its end is told of the day, whatever runs since. */
function endLine(record: DeploymentRecord): string {
  const { sign, says } =
    record.outcome === 'live' ? { sign: '↩️', says: `went back to ${record.build.version}` } : headline(record, null);
  return `${sign} *${escapeText(record.lane)}* ${escapeText(says, 200)}: ${escapeText(record.why, 200)}`;
}

function waiting({ id, active, queue, hold }: Lane): string[] {
  const lane = `*${escapeText(id)}*`;
  const lines: string[] = [];
  if (active?.stage === 'awaiting-approval')
    lines.push(
      `✋ ${lane} ${escapeText(active.build.version, 60)} waits for approval until ${until(active.expiresAt)}`,
    );
  if (active?.stage === 'awaiting-rollback')
    lines.push(`⚠️ ${lane} ${escapeText(active.build.version, 60)} looks bad; a word on rollback is waited for`);
  if (hold !== null)
    lines.push(`🔒 ${lane} is on hold by ${escapeText(hold.by, 100)}: ${escapeText(hold.because, 200)}`);
  if (queue.length > 0) lines.push(`⏳ ${lane} ${counted(queue.length, 'build')} in the queue`);
  return lines;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
