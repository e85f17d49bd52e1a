import { arrive } from '../arrivals.ts';
import { briefEvidence } from '../brief.ts';
import { after, ask, become, type Draft, type Handled, ignored, type StageEvent, wakeIn } from '../decision.ts';
import { finish, needsHuman } from '../finish.ts';
import type { Deployment, Evidence } from '../lane.ts';
import { restsOnChecks } from '../limits.ts';
import type { Look } from '../look.ts';
import { nameOf } from '../swap/preconditions.ts';
import { assertNever } from '../words.ts';
import { startAwaitingRollback } from './awaiting-rollback.ts';
import { commanded, sawAnother } from './commanded.ts';
import { startRollingBack } from './rolling-back.ts';
import { lostSight, sighted } from './stranger.ts';

type Watching = Extract<Deployment, { stage: 'watching' }>;

/** How often the watch is prolonged when the probe report does not come out of the counting. */
const mostExtensions = 4;

export function startWatching(draft: Draft, from: Extract<Deployment, { stage: 'swapping' }>): 'moved' {
  const { record, build, policy, former, goal } = from;
  const until = after(draft.facts.now, policy.watch.forMs);
  wakeIn(draft, Math.min(policy.watch.everyMs, policy.watch.forMs));
  const next: Watching = {
    stage: 'watching',
    record,
    build,
    policy,
    former,
    goal,
    until,
    probe: null,
    extensions: 0,
    stranger: null,
    doubt: null,
  };
  return become(draft, next, `${build.version} is live; watches it`);
}

/** Errors and checks of the new version are judged until the watch ends, and once more after a probe was counted. */
export function watching(draft: Draft, at: Watching, event: StageEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
    case 'package-refused':
      return ignored('the package is published already');
    case 'wake': {
      const lost = lostSight(draft, at.stranger);
      if (lost !== null) return needsHuman(draft, lost);
      ask(draft, { type: 'look', deployment: at.record.id, intent: null });
      ask(draft, { type: 'judge', deployment: at.record.id });
      wakeIn(draft, at.policy.watch.everyMs);
      return 'moved';
    }
    case 'settled':
      if (event.of === 'look' && event.effect.deployment === at.record.id) {
        return event.result.end === 'done'
          ? looked(draft, at, event.result.value)
          : ignored('production could not be looked at');
      }
      if (event.of !== 'judge' || event.effect.deployment !== at.record.id)
        return ignored('the new version is being watched');
      return judged(draft, at, event.result.end === 'done' ? event.result.value : unjudged(event.result.because));
    case 'command':
      return commanded(draft, at, event, {
        rollBack: ({ reason, sawLive }) =>
          sawAnother(at, sawLive) ?? startRollingBack(draft, at, reason, event.by.name),
        endWatch: ({ deployment, sawLive }) =>
          deployment === at.record.id
            ? (sawAnother(at, sawLive) ?? finish(draft, 'live', `${event.by.name} ended the watch`))
            : ignored(`you named ${deployment}; watched is ${at.record.id}`),
      });
    default:
      return assertNever(event);
  }
}

/** A person's swap or deploy in the middle of a watch is noticed and never fought. */
function looked(draft: Draft, at: Watching, look: Look): Handled {
  const seen = sighted(draft, at.goal, at.stranger, look);
  if (seen.is !== 'stranger') {
    return at.stranger === null
      ? ignored('production holds what went live')
      : become(draft, { ...at, stranger: null }, at.record.why);
  }
  const { stranger, sure } = seen;
  if (sure) {
    const name = nameOf(stranger.identity);
    return needsHuman(draft, `while ${at.build.version} was watched, somebody changed production to ${name}`);
  }
  wakeIn(draft, draft.facts.timing.lookGapMs);
  return become(draft, { ...at, stranger }, 'production is not what went live; looks again');
}

/** What cannot be judged for good must not be watched for ever. */
const unjudged = (because: string): Evidence => ({
  verdict: 'inconclusive',
  why: `the new version could not be judged: ${because}`,
  newGroups: [],
  reportsPerMinute: null,
  before: null,
  checks: [],
  counted: false,
});

function judged(draft: Draft, at: Watching, seen: Evidence): Handled {
  const evidence = briefEvidence(seen);
  const doubt = evidence.verdict === 'inconclusive' ? at.doubt : null;
  const next: Watching = { ...at, doubt, record: { ...at.record, evidence } };
  // What was judged may be another build: the look that confirms or clears that comes first.
  if (at.stranger !== null) return ignored('production is not what went live; the next look decides');
  if (evidence.verdict === 'bad')
    return isDoubtful(draft, at, evidence) ? doubts(draft, at, evidence) : goBack(draft, next, evidence);
  if (draft.facts.now < at.until) return become(draft, next, `watched: ${evidence.why}`);
  if (at.probe === null) return sendProbe(draft, next);
  if (evidence.counted && evidence.verdict !== 'inconclusive') {
    become(draft, { ...next, record: { ...next.record, evidence: { ...evidence, verdict: 'good' } } }, evidence.why);
    return finish(draft, 'live', `good: ${evidence.why}`);
  }
  if (at.extensions < mostExtensions) {
    return become(
      draft,
      { ...next, extensions: at.extensions + 1 },
      `the counting of errors is not proven yet (${at.extensions + 1} of ${mostExtensions})`,
    );
  }
  become(
    draft,
    { ...next, record: { ...next.record, evidence: { ...evidence, verdict: 'inconclusive' } } },
    evidence.why,
  );
  return finish(draft, 'live', `inconclusive: ${evidence.why}`);
}

const pauseMs = ({ policy }: Watching): number => Math.min(policy.watch.everyMs, policy.watch.forMs);

/** Checks alone are believed when they fail a second time, a while later. */
function isDoubtful({ facts }: Draft, at: Watching, evidence: Evidence): boolean {
  if (!restsOnChecks(at.policy.errorLimits, evidence)) return false;
  return at.doubt === null || facts.now.getTime() - at.doubt.getTime() < pauseMs(at);
}

function doubts(draft: Draft, at: Watching, bad: Evidence): Handled {
  const evidence: Evidence = { ...bad, verdict: 'inconclusive' };
  wakeIn(draft, pauseMs(at));
  return become(
    draft,
    { ...at, doubt: at.doubt ?? draft.facts.now, record: { ...at.record, evidence } },
    `asks again before it believes: ${bad.why}`,
  );
}

/** Zero reports mean zero errors only when a report sent now comes out of the counting. */
function sendProbe(draft: Draft, at: Watching): Handled {
  const probe = { id: `${at.record.id}-probe`, sentAt: draft.facts.now };
  ask(draft, { type: 'send-probe', deployment: at.record.id, probe: probe.id });
  wakeIn(draft, Math.min(at.policy.watch.everyMs, draft.facts.timing.pollFirstMs));
  return become(draft, { ...at, probe }, 'proves that errors are counted');
}

function goBack(draft: Draft, at: Watching, evidence: Evidence): Handled {
  const mayGoBack = at.policy.rollback.mode === 'automatic' && at.build.schemaChange !== 'contract';
  return mayGoBack
    ? startRollingBack(draft, at, `bad: ${evidence.why}`, null)
    : startAwaitingRollback(draft, at, evidence.why);
}
