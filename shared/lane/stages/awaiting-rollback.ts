import { arrive } from '../arrivals.ts';
import { after, ask, become, type Draft, type Handled, ignored, type StageEvent, wakeIn } from '../decision.ts';
import { finish, hold, needsHuman } from '../finish.ts';
import type { Deployment } from '../lane.ts';
import type { Look } from '../look.ts';
import { nameOf } from '../swap/preconditions.ts';
import { assertNever } from '../words.ts';
import { commanded, sawAnother } from './commanded.ts';
import { startRollingBack } from './rolling-back.ts';
import { lostSight, sighted } from './stranger.ts';

type Awaiting = Extract<Deployment, { stage: 'awaiting-rollback' }>;

export function startAwaitingRollback(
  draft: Draft,
  from: Extract<Deployment, { stage: 'watching' }>,
  bad: string,
): 'moved' {
  const { record, build, policy, former, goal } = from;
  const expiresAt = after(draft.facts.now, policy.rollback.askExpiresAfterMs);
  wakeIn(draft, nextLookMs(draft, expiresAt));
  const why = build.schemaChange === 'contract' ? 'its schema change forbids an automatic rollback' : 'the policy asks';
  return become(
    draft,
    { stage: 'awaiting-rollback', record, build, policy, former, goal, expiresAt, why: bad, stranger: null },
    `bad: ${bad}; ${why}: roll back?`,
  );
}

/** A person is asked, with the evidence. Without an answer the build stays, and nothing else starts. */
export function awaitingRollback(draft: Draft, at: Awaiting, event: StageEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
    case 'package-refused':
      return ignored('the package is published already');
    case 'wake':
      return onWake(draft, at);
    case 'settled':
      if (event.of !== 'look' || event.effect.deployment !== at.record.id) return ignored('a person is waited for');
      return event.result.end === 'done'
        ? looked(draft, at, event.result.value)
        : ignored('production could not be looked at');
    case 'command':
      return commanded(draft, at, event, {
        rollBack: ({ sawLive }) => sawAnother(at, sawLive) ?? startRollingBack(draft, at, at.why, event.by.name),
        endWatch: ({ deployment, sawLive }) =>
          deployment === at.record.id
            ? (sawAnother(at, sawLive) ?? finish(draft, 'live', `${event.by.name} kept it although it was judged bad`))
            : ignored(`you named ${deployment}; asked about is ${at.record.id}`),
      });
    default:
      return assertNever(event);
  }
}

/** Production is looked at as in an idle lane, and last when the time is over: what a person did meanwhile is not called live. */
function nextLookMs({ facts }: Draft, expiresAt: Date): number {
  return Math.min(facts.timing.patrolMs, expiresAt.getTime() - facts.now.getTime());
}

function onWake(draft: Draft, at: Awaiting): Handled {
  const { now, timing } = draft.facts;
  const late = now.getTime() - at.expiresAt.getTime();
  const lost = lostSight(draft, at.stranger);
  if (lost !== null) return needsHuman(draft, lost);
  if (late > timing.operationMs)
    return needsHuman(draft, `nobody decided, and production could not be looked at: ${at.why}`);
  ask(draft, { type: 'look', deployment: at.record.id, intent: null });
  wakeIn(draft, late < 0 ? nextLookMs(draft, at.expiresAt) : timing.pollThenMs);
  return 'moved';
}

function looked(draft: Draft, at: Awaiting, look: Look): Handled {
  const seen = sighted(draft, at.goal, at.stranger, look);
  if (seen.is === 'stranger') {
    const { stranger, sure } = seen;
    if (sure)
      return needsHuman(draft, `before anybody decided, production was changed to ${nameOf(stranger.identity)}`);
    wakeIn(draft, draft.facts.timing.lookGapMs);
    return become(draft, { ...at, stranger }, at.record.why);
  }
  if (seen.is === 'ours' && draft.facts.now >= at.expiresAt) return expire(draft, at);
  return at.stranger === null
    ? ignored('production holds what went live')
    : become(draft, { ...at, stranger: null }, at.record.why);
}

function expire(draft: Draft, at: Awaiting): Handled {
  finish(draft, 'live', `bad, and nobody decided before ${at.expiresAt.toISOString()}`);
  return hold(draft, 'warmswap', `${at.build.version} was judged bad and stayed: ${at.why}`);
}
