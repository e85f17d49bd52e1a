import { arrive } from '../arrivals.ts';
import { after, become, type Draft, type Handled, ignored, type StageEvent, wakeIn } from '../decision.ts';
import { finish, needsHuman } from '../finish.ts';
import type { Deployment, Live } from '../lane.ts';
import { commandRollBack } from '../orders.ts';
import { assertNever, type Identity } from '../words.ts';
import { commanded, notWatchedYet } from './commanded.ts';
import { startVerifying } from './verifying.ts';
import { askWhetherWarm, isWarmTooLate } from './warmth.ts';

type Warming = Extract<Deployment, { stage: 'warming' }>;

export function startWarming(draft: Draft, from: Deployment, former: Live, goal: Identity): 'moved' {
  const { record, build, policy } = from;
  const deadline = after(draft.facts.now, policy.warmUp.deadlineMs);
  askWhetherWarm(draft, from, goal);
  return become(
    draft,
    { stage: 'warming', record, build, policy, former, goal, inARow: 0, deadline, lastAnswer: 'not asked yet' },
    'warms the slot',
  );
}

/** The slot is asked until it answers healthily with the build's identity, so many times in a row. */
export function warming(draft: Draft, at: Warming, event: StageEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
    case 'package-refused':
      return ignored('the package is published already');
    case 'wake':
      return askWhetherWarm(draft, at, at.goal, at.deadline) ? 'moved' : tooLate(draft, at, at.lastAnswer);
    case 'settled': {
      if (event.of !== 'warm' || event.effect.deployment !== at.record.id) return ignored('the slot is being warmed');
      if (event.result.end !== 'done')
        return finish(draft, 'failed', `the slot could not be asked: ${event.result.because}`);
      const { warm, why } = event.result.value;
      if (isWarmTooLate(draft, warm, at.deadline)) return tooLate(draft, at, why);
      const inARow = warm ? at.inARow + 1 : 0;
      if (inARow >= at.policy.warmUp.timesInARow) return startVerifying(draft, at);
      wakeIn(draft, at.policy.warmUp.everyMs);
      return become(
        draft,
        { ...at, inARow, lastAnswer: why },
        warm ? `warm ${inARow} of ${at.policy.warmUp.timesInARow}` : why,
      );
    }
    case 'command':
      return commanded(draft, at, event, {
        rollBack: ({ reason, sawLive }) => commandRollBack(draft, event.by.name, reason, sawLive),
        endWatch: notWatchedYet,
      });
    default:
      return assertNever(event);
  }
}

/** What a person approved was warm before: if it no longer is, the slot may hold another's, which is not ours to overwrite. */
function tooLate(draft: Draft, at: Warming, lastAnswer: string): Handled {
  const why = `not warm in time: ${lastAnswer}`;
  return at.record.approvedBy === null ? finish(draft, 'failed', why) : needsHuman(draft, why);
}
