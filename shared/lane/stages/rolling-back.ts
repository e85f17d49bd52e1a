import { advanceAct, planAct } from '../acting.ts';
import { makeLive } from '../adoption.ts';
import { arrive } from '../arrivals.ts';
import { brief } from '../brief.ts';
import { after, ask, become, type Draft, type Handled, ignored, type StageEvent, wakeIn } from '../decision.ts';
import type { Settled } from '../effect.ts';
import { finish, hold, needsHuman } from '../finish.ts';
import { drop } from '../kept.ts';
import type { Deployment, Kept, Live, RollingBack } from '../lane.ts';
import { holds, type Look, sameIdentity, tellsApart, timeBetween } from '../look.ts';
import { asksOf } from '../policy.ts';
import type { ActEvent } from '../swap/advance.ts';
import { nameOf } from '../swap/preconditions.ts';
import { assertNever, type Identity } from '../words.ts';
import { commanded } from './commanded.ts';
import { askWhetherWarm, isWarmTooLate } from './warmth.ts';

type Back = Extract<Deployment, { stage: 'rolling-back' }>;
type At<Step extends RollingBack['step']> = Back & { at: Extract<RollingBack, { step: Step }> };

export function startRollingBack(
  draft: Draft,
  from: Extract<Deployment, { stage: 'watching' | 'awaiting-rollback' }>,
  why: string,
  by: string | null,
): 'moved' {
  const { record, build, policy, former, goal } = from;
  ask(draft, { type: 'look', deployment: record.id, intent: null });
  wakeIn(draft, draft.facts.timing.pollThenMs);
  const next: Back = {
    stage: 'rolling-back',
    record,
    build,
    policy,
    former,
    bad: goal,
    why: brief(why),
    by,
    at: { step: 'looking', since: draft.facts.now, first: null },
  };
  return become(draft, next, `${by ?? 'warmswap'} rolls ${build.version} back: ${why}`);
}

/** The previous build is warmed again, then the act of §6 goes towards it. */
export function rollingBack(draft: Draft, at: Back, event: StageEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
    case 'package-refused':
      return ignored('no package is waited for');
    case 'wake':
      return onWake(draft, at);
    case 'settled':
      return onSettled(draft, at, event);
    case 'command':
      return commanded(draft, at, event, {
        rollBack: `${at.build.version} is being rolled back already`,
        endWatch: `${at.build.version} is being rolled back`,
      });
    default:
      return assertNever(event);
  }
}

function onWake(draft: Draft, back: Back): Handled {
  const { at } = back;
  switch (at.step) {
    case 'looking':
      if (draft.facts.now.getTime() - at.since.getTime() > draft.facts.timing.operationMs)
        return needsHuman(draft, `the way back was not found in time: ${back.record.why}`);
      ask(draft, { type: 'look', deployment: back.record.id, intent: null });
      wakeIn(draft, draft.facts.timing.pollThenMs);
      return 'moved';
    case 'publishing':
      return onPublish(draft, { ...back, at }, { type: 'wake' });
    case 'warming':
      return askWhetherWarm(draft, back, at.goal, at.deadline) ? 'moved' : notWarmAgain(draft, back, back.record.why);
    case 'swapping':
      return onSwap(draft, { ...back, at }, { type: 'wake' });
    default:
      return assertNever(at);
  }
}

function onSettled(draft: Draft, back: Back, event: { type: 'settled' } & Settled): Handled {
  const { at } = back;
  switch (at.step) {
    case 'looking':
      if (event.of !== 'look' || event.effect.deployment !== back.record.id)
        return ignored('the way back is being looked at');
      if (event.result.end !== 'done') return unseen(draft, { ...back, at }, event.result.because);
      return looked(draft, { ...back, at }, event.result.value);
    case 'publishing':
      return onPublish(draft, { ...back, at }, event);
    case 'warming':
      if (event.of !== 'warm' || event.effect.deployment !== back.record.id)
        return ignored('the previous build is being warmed');
      return warmed(
        draft,
        { ...back, at },
        event.result.end === 'done' ? event.result.value : { warm: false, why: event.result.because },
      );
    case 'swapping':
      return onSwap(draft, { ...back, at }, event);
    default:
      return assertNever(at);
  }
}

/** A way back is not given up for one look that fails: the clock does that, when none succeeds. */
function unseen(draft: Draft, back: At<'looking'>, because: string): Handled {
  wakeIn(draft, draft.facts.timing.pollThenMs);
  return become(draft, back, `the way back could not be looked at: ${because}; looks again`);
}

/** Rule 7: only while staging still holds the previous build is it one swap away; else its kept copy is published again. */
function looked(draft: Draft, back: At<'looking'>, look: Look): Handled {
  const { timing } = draft.facts;
  if (look.operation !== null) {
    wakeIn(draft, timing.pollThenMs);
    return become(
      draft,
      { ...back, at: { ...back.at, first: null } },
      `another operation (${look.operation}) is in progress`,
    );
  }
  const { first } = back.at;
  const same =
    first !== null &&
    sameIdentity(first.production, look.production.identity) &&
    sameIdentity(first.staging, look.staging.identity);
  if (!same || timeBetween(first, look) < timing.lookGapMs) {
    if (holds(look.production, back.bad, false) && inStaging(back, look, true))
      return rewarm(draft, back, back.former.identity);
    wakeIn(draft, timing.lookGapMs);
    const seen = { production: look.production.identity, staging: look.staging.identity, at: look.at };
    return become(draft, { ...back, at: { ...back.at, first: same ? first : seen } }, 'looks for the way back');
  }
  if (!holds(look.production, back.bad, false)) {
    return needsHuman(
      draft,
      `production holds ${nameOf(look.production.identity)}, to be rolled back was ${back.build.version}`,
    );
  }
  return republish(draft, back, look);
}

function republish(draft: Draft, back: At<'looking'>, look: Look): Handled {
  const wanted = back.former.build;
  const kept = draft.lane.kept.find(({ build }) => build.id === wanted?.id);
  if (inStaging(back, look, false)) return rewarm(draft, back, back.former.identity);
  if (kept === undefined)
    return needsHuman(
      draft,
      `staging holds ${nameOf(look.staging.identity)} and no copy of ${back.former.version} is kept`,
    );
  const act = planAct(draft, back, { kind: 'publish', sha256: kept.sha256, deployment: back.record.id });
  return become(draft, { ...back, at: { step: 'publishing', act, kept } }, `publishes ${kept.build.version} again`);
}

/** A kept copy has no identity yet, and an adopted build may have none: staging cannot be known to hold either. */
function inStaging({ former }: Back, look: Look, mustAnswer: boolean): boolean {
  return tellsApart(former.identity) && holds(look.staging, former.identity, mustAnswer);
}

function onPublish(draft: Draft, back: At<'publishing'>, event: ActEvent): Handled {
  return advanceAct(draft, back, back.at.act, event, {
    keep: (act, told) => become(draft, { ...back, at: { ...back.at, act } }, told),
    done: ({ look }) => {
      const { build } = back.at.kept;
      const identity = publishedIdentity(back, back.at.kept, look);
      draft.lane.staged = { build, identity };
      return rewarm(draft, back, identity);
    },
    failed: (because) => needsHuman(draft, `${back.at.kept.build.version} could not be published again: ${because}`),
    needsHuman: (because) => needsHuman(draft, because),
  });
}

function publishedIdentity(back: Back, kept: Kept, look: Look): Identity {
  return {
    kudu: look.staging.identity.kudu,
    version: back.policy.versionFrom === undefined ? null : kept.build.version,
  };
}

function rewarm(draft: Draft, back: Back, goal: Identity): Handled {
  const deadline = after(draft.facts.now, back.policy.warmUp.deadlineMs);
  askWhetherWarm(draft, back, goal);
  return become(
    draft,
    { ...back, at: { step: 'warming', goal, inARow: 0, deadline } },
    `warms ${back.former.version} again`,
  );
}

function warmed(draft: Draft, back: At<'warming'>, { warm, why }: { warm: boolean; why: string }): Handled {
  const { goal, deadline } = back.at;
  if (isWarmTooLate(draft, warm, deadline)) return notWarmAgain(draft, back, why);
  const inARow = warm ? back.at.inARow + 1 : 0;
  if (inARow < back.policy.warmUp.timesInARow) {
    wakeIn(draft, back.policy.warmUp.everyMs);
    return become(
      draft,
      { ...back, at: { ...back.at, inARow } },
      warm ? `warm again ${inARow} of ${back.policy.warmUp.timesInARow}` : why,
    );
  }
  const act = planAct(draft, back, { kind: 'swap', goal, former: back.bad });
  return become(draft, { ...back, at: { step: 'swapping', goal, swap: act } }, 'swaps back');
}

const notWarmAgain = (draft: Draft, back: Back, why: string): Handled =>
  needsHuman(draft, `${back.former.version} did not get warm again: ${why}`);

function onSwap(draft: Draft, back: At<'swapping'>, event: ActEvent): Handled {
  return advanceAct(draft, back, back.at.swap, event, {
    keep: (swap, told) => become(draft, { ...back, at: { ...back.at, swap } }, told),
    done: ({ switchedBetween }) => wentBack(draft, back, switchedBetween),
    failed: (because) => needsHuman(draft, `could not swap back: ${because}`),
    needsHuman: (because) => needsHuman(draft, because),
  });
}

function wentBack(draft: Draft, back: At<'swapping'>, switchedBetween: { from: Date; to: Date }): Handled {
  const { lane } = draft;
  const live: Live = {
    ...back.former,
    identity: back.at.goal,
    deployment: back.record.id,
    liveAt: switchedBetween.to,
    asks: asksOf(back.policy),
  };
  lane.previous = null;
  drop(lane, back.build);
  makeLive(draft, 'rollback', live, switchedBetween);
  draft.quarantined.push({ build: back.build.id, because: back.why, deployment: back.record.id });
  const who = back.by ?? 'warmswap';
  finish(draft, 'rolled-back', `${who} rolled ${back.build.version} back to ${live.version}: ${back.why}`);
  return back.policy.rollback.holdAfter
    ? hold(draft, 'warmswap', `${back.build.version} was rolled back: ${back.why}`)
    : 'moved';
}
