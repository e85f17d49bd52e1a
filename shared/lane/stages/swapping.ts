import { advanceAct, planAct } from '../acting.ts';
import { makeLive } from '../adoption.ts';
import { arrive } from '../arrivals.ts';
import { become, type Draft, type Handled, ignored, type StageEvent } from '../decision.ts';
import { finish, needsHuman } from '../finish.ts';
import { keep } from '../kept.ts';
import type { Deployment, Live } from '../lane.ts';
import { asksOf } from '../policy.ts';
import type { ActEvent } from '../swap/advance.ts';
import { assertNever } from '../words.ts';
import { commanded, notWatchedYet } from './commanded.ts';
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
    case 'settled':
      return onAct(draft, at, event.type === 'wake' ? { type: 'wake' } : event);
    case 'command':
      return commanded(draft, at, event, {
        rollBack: `${at.build.version} is being swapped in; roll back when that is over`,
        endWatch: notWatchedYet,
      });
    default:
      return assertNever(event);
  }
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
