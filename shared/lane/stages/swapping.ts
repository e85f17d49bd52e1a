import { advanceAct, planAct } from '../acting.ts';
import { makeLive } from '../adoption.ts';
import { arrive } from '../arrivals.ts';
import { become, type Draft, type Handled, ignored, type StageEvent } from '../decision.ts';
import { finish, needsHuman } from '../finish.ts';
import type { Command } from '../input.ts';
import { keep } from '../kept.ts';
import { isStale, isUnsentSwap, keptBack } from '../kept-back.ts';
import type { Deployment, Live } from '../lane.ts';
import { commandRollBack } from '../orders.ts';
import { mayReject } from '../permission.ts';
import { asksOf } from '../policy.ts';
import type { ActEvent } from '../swap/advance.ts';
import { type Actor, assertNever } from '../words.ts';
import { commanded, notWatchedYet } from './commanded.ts';
import { startWarming } from './warming.ts';
import { startWatching } from './watching.ts';

type Swapping = Extract<Deployment, { stage: 'swapping' }>;

export function startSwapping(draft: Draft, from: Extract<Deployment, { stage: 'verifying' }>): 'moved' {
  const { record, build, policy, former, goal } = from;
  const act = planAct(draft, from, { kind: 'swap', goal, former: former.identity });
  return become(draft, { stage: 'swapping', record, build, policy, former, goal, swap: act }, 'swaps');
}

/** DESIGN §6: the one act that moves production. */
export function swapping(draft: Draft, at: Swapping, event: StageEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
    case 'package-refused':
      return ignored('the package is published already');
    case 'wake':
      return isFree(draft) && isStale(draft.facts.now, draft.lane)
        ? startWarming(draft, at, at.former, at.goal)
        : onAct(draft, at, { type: 'wake' });
    case 'settled':
      return onAct(draft, at, event);
    case 'command': {
      const { by, command } = event;
      const isUnsent = isUnsentSwap(at.swap);
      if (isUnsent && command.type === 'reject' && command.deployment === at.record.id)
        return callOff(draft, at, by, command);
      return commanded(draft, at, event, {
        rollBack: isUnsent
          ? ({ reason, sawLive }) => commandRollBack(draft, by.name, reason, sawLive)
          : `${at.build.version} is being swapped in; roll back when that is over`,
        endWatch: notWatchedYet,
      });
    }
    default:
      return assertNever(event);
  }
}

const isFree = ({ facts, lane }: Draft): boolean => keptBack(facts.stopped, lane) === null;

function callOff(
  draft: Draft,
  at: Swapping,
  by: Actor,
  { build, reason }: Extract<Command, { type: 'reject' }>,
): Handled {
  if (build !== at.build.id)
    return ignored(`you saw ${build}; to be swapped in is ${at.build.version} (${at.build.id})`);
  const permission = mayReject(at.policy, draft.facts, by);
  return permission.may
    ? finish(draft, 'cancelled', `${by.name} rejected it before its swap was sent: ${reason}`)
    : ignored(permission.because);
}

function onAct(draft: Draft, at: Swapping, event: ActEvent): Handled {
  return advanceAct(draft, at, at.swap, event, {
    keep: (swap, told) => become(draft, { ...at, swap }, told),
    done: ({ switchedBetween }) => goLive(draft, at, switchedBetween),
    failed: (because) => finish(draft, 'failed', `${because}; production is untouched`),
    needsHuman: (because) => needsHuman(draft, because),
  });
}

/** Only a finding makes a build live; `liveAt` is fixed in this save. */
function goLive(draft: Draft, at: Swapping, switchedBetween: { from: Date; to: Date }): Handled {
  const { lane } = draft;
  const live: Live = {
    build: at.build,
    version: at.build.version,
    identity: at.goal,
    deployment: at.record.id,
    liveAt: switchedBetween.to,
    asks: asksOf(at.policy),
  };
  lane.previous = at.former;
  keep(lane, at.build);
  makeLive(draft, 'deploy', live, switchedBetween);
  return startWatching(draft, { ...at, record: { ...at.record, liveAt: live.liveAt } });
}
