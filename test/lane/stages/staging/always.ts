import type { LaneEvent } from '../../../../shared/lane/decision.ts';
import type { Look } from '../../../../shared/lane/look.ts';
import type { DeploymentId } from '../../../../shared/lane/words.ts';
import {
  approve,
  arrival,
  done,
  endWatch,
  reject,
  releaseLane,
  retry,
  settled,
  wake,
} from '../../../builders/input.ts';
import { aLook } from '../../../builders/look.ts';
import { deployment } from '../../../builders/record.ts';

export type Row = { when: string; event: LaneEvent; becomes: string; now?: Date };

export const looked = (look: Partial<Look> = {}): LaneEvent =>
  settled({ type: 'look', deployment, intent: null }, done(aLook(look)));
export const other = 'd-other' as DeploymentId;

/** The same in each step of staging. */
export const always: Row[] = [
  {
    when: 'the same build arrives',
    event: arrival('1.1.0'),
    becomes: `ignored: 1.1.0 is being deployed already (${deployment})`,
  },
  {
    when: 'an older build arrives',
    event: arrival('1.0.5', { number: 99 }),
    becomes: 'ignored: 1.0.5 is older than 1.1.0; a person can command it',
  },
  {
    when: 'a person approves',
    event: approve(),
    becomes: 'ignored: nothing waits for approval: 1.1.0 is being staged',
  },
  { when: 'a person rejects', event: reject(), becomes: 'ignored: nothing waits for approval: 1.1.0 is being staged' },
  { when: 'a person ends a watch', event: endWatch(), becomes: 'ignored: nothing is being watched yet' },
  { when: 'a person retries', event: retry('1.0.0'), becomes: 'ignored: 1.1.0 is being staged' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  { when: 'a stale wake comes', event: wake(6), becomes: 'ignored: a wake of step 6; the lane is at 7' },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, done(aLook())),
    becomes: 'ignored: a deployment is moving now',
  },
];
