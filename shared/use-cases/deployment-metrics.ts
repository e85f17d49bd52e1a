import { openAct } from '../lane/finish.ts';
import type { DeploymentRecord, Lane, StageName } from '../lane/lane.ts';
import type { Act } from '../lane/swap/act.ts';
import { metric } from '../metrics.ts';
import type { Log } from '../ports.ts';

/** What a saved decision ended: an act, a deployment, and what that one's stages took. */
export function tellEnded(
  log: Log,
  now: Date,
  before: Lane,
  { lane: after, records }: { lane: Lane; records: DeploymentRecord[] },
): void {
  const act = endedAct(before, after, records, now);
  if (act !== null) metric(log, 'act.ended', act.ms, { lane: after.id, ...act.of });
  for (const record of records) if (record.outcome !== null) tellDeployment(log, record, record.outcome);
}

function tellDeployment(log: Log, record: DeploymentRecord, outcome: string): void {
  const { lane, id: deployment, kind, liveAt, createdAt } = record;
  metric(log, 'deployment.ended', 1, { lane, deployment, outcome });
  for (const { stage, from, to } of spans(record))
    metric(log, 'deployment.stage', to - from, { lane, deployment, stage });
  if (kind !== 'deploy' || liveAt === null) return;
  const human = spans(record)
    .filter(({ stage, from }) => stage === 'awaiting-approval' && from < liveAt.getTime())
    .reduce((sum, { from, to }) => sum + Math.min(to, liveAt.getTime()) - from, 0);
  const all = liveAt.getTime() - createdAt.getTime();
  metric(log, 'deployment.lead-time', all - human, { lane, deployment, part: 'machine' });
  metric(log, 'deployment.lead-time', human, { lane, deployment, part: 'human' });
}

/** Each stage with its first and last instant, in milliseconds; the last stage has no end. */
function spans({ stages }: DeploymentRecord): { stage: StageName; from: number; to: number }[] {
  return stages.flatMap(({ stage, at }, index) => {
    const next = stages[index + 1];
    return next === undefined ? [] : [{ stage, from: at.getTime(), to: next.at.getTime() }];
  });
}

export interface EndedAct {
  ms: number;
  of: { deployment: string; act: Act['goal']['kind']; end: 'done' | 'again' | 'failed' | 'needs-human' | 'given-up' };
}

/** The act that was open before a decision and is not after it, and how it ended; null: none ended. */
export function endedAct(before: Lane, after: Lane, records: DeploymentRecord[], now: Date): EndedAct | null {
  const act = openAct(before);
  const next = openAct(after);
  const deployment = before.active?.record.id;
  if (act === null || deployment === undefined || next?.intent === act.intent) return null;
  // A swap that left a preview pending waits inside the reset of that.
  if (next?.goal.kind === 'reset' && next.goal.interrupted.intent === act.intent) return null;
  const ended = records.find(({ id }) => id === deployment)?.outcome ?? null;
  const since = 'claim' in act ? act.claim.at : act.since;
  const ms = Math.max(0, now.getTime() - since.getTime());
  return { ms, of: { deployment, act: act.goal.kind, end: endOf(act, next, ended) } };
}

function endOf(act: Act, next: Act | null, outcome: DeploymentRecord['outcome']): EndedAct['of']['end'] {
  if (outcome === 'needs-human' || outcome === 'failed') return outcome;
  if (next !== null && next.goal.kind === act.goal.kind && next.attempt > act.attempt) return 'again';
  return act.step === 'planned' ? 'given-up' : 'done';
}
