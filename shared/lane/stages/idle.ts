import { compareWithLive } from '../adoption.ts';
import { arrive } from '../arrivals.ts';
import { after, ask, type Draft, type Handled, ignored, type StageEvent, wake } from '../decision.ts';
import type { Look } from '../look.ts';
import { commandRollBack, deploy, holdOrRelease, retry } from '../orders.ts';
import { assertNever } from '../words.ts';
import { becameOf } from './commanded.ts';

/** Nothing moves in the lane. It is looked at from time to time, so that a person's own swap or deploy is noticed. */
export function idle(draft: Draft, event: StageEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
    case 'package-refused':
      return ignored('no deployment waits for a package');
    case 'wake':
      return onWake(draft);
    case 'settled':
      if (event.of !== 'look' || event.effect.deployment !== null) return ignored('its deployment has ended');
      return event.result.end === 'done'
        ? patrolled(draft, event.result.value)
        : ignored(`the site could not be looked at: ${event.result.because}`);
    case 'command':
      switch (event.command.type) {
        case 'hold':
        case 'release':
          return holdOrRelease(draft, event.by, event.command);
        case 'roll-back':
          return commandRollBack(draft, event.by.name, event.command.reason, event.command.sawLive);
        case 'retry':
          return retry(draft, event.by, event.command);
        case 'deploy':
          return deploy(draft, event.by, event.command);
        case 'approve':
        case 'reject':
          return becameOf(draft.facts.named);
        case 'end-watch':
          return ignored('nothing is being watched');
        default:
          return assertNever(event.command);
      }
    default:
      return assertNever(event);
  }
}

/** The clock also comes for what is to be told later: only a patrol that is due looks. */
function onWake(draft: Draft): Handled {
  const { patrolAt } = draft.lane;
  if (patrolAt !== null && draft.facts.now < patrolAt) {
    wake(draft, patrolAt);
    return 'moved';
  }
  ask(draft, { type: 'look', deployment: null, intent: null });
  patrolIn(draft, draft.facts.timing.patrolMs);
  return 'moved';
}

function patrolIn(draft: Draft, milliseconds: number): void {
  const due = after(draft.facts.now, milliseconds);
  draft.lane.patrolAt = due;
  wake(draft, due);
}

function patrolled(draft: Draft, look: Look): Handled {
  if (look.operation !== null) {
    patrolIn(draft, draft.facts.timing.lookGapMs);
    return 'moved';
  }
  const suspected = draft.lane.suspicion;
  const compared = compareWithLive(draft, look);
  if (compared.is === 'look-again') patrolIn(draft, draft.facts.timing.lookGapMs);
  return compared.is === 'same' && suspected === null ? ignored('production holds what we know') : 'moved';
}
