import type { LaneEvent } from '../../../../shared/lane/decision.ts';
import type { Lane } from '../../../../shared/lane/lane.ts';
import type { Look } from '../../../../shared/lane/look.ts';
import type { Goal } from '../../../../shared/lane/swap/act.ts';
import type { DeploymentId } from '../../../../shared/lane/words.ts';
import { aRef } from '../../../builders/build.ts';
import {
  approve,
  arrival,
  copied,
  copyRefused,
  done,
  endWatch,
  refused,
  reject,
  releaseLane,
  retry,
  rollBack,
  settled,
  wake,
} from '../../../builders/input.ts';
import { identityOf, swappedLook } from '../../../builders/look.ts';
import { deployment } from '../../../builders/record.ts';

export type Row = { when: string; event: LaneEvent; becomes: string; lane?: Lane; now?: Date };

export const looked = (look: Partial<Look> = {}, of = deployment): LaneEvent =>
  settled({ type: 'look', deployment: of, intent: null }, done(swappedLook(look)));
export const other = 'd-other' as DeploymentId;
export const kept = { build: aRef('1.0.0'), sha256: aRef('1.0.0').sha256 };
export const back: Goal = { kind: 'swap', goal: identityOf('1.0.0'), former: identityOf('1.1.0') };
export const again: Goal = { kind: 'publish', sha256: kept.sha256, deployment };

/** The same in each step of rolling back. */
export const always: Row[] = [
  {
    when: 'an older build arrives',
    event: arrival('1.0.5', { number: 99 }),
    becomes: 'ignored: 1.0.5 is older than 1.1.0; a person can command it',
  },
  {
    when: 'the same build arrives',
    event: arrival('1.1.0'),
    becomes: `ignored: 1.1.0 is being deployed already (${deployment})`,
  },
  { when: 'a package was copied', event: copied(), becomes: 'ignored: no package is waited for' },
  { when: 'a package was refused', event: copyRefused(), becomes: 'ignored: no package is waited for' },
  {
    when: 'a person approves',
    event: approve(),
    becomes: 'ignored: nothing waits for approval: 1.1.0 is being rolled back',
  },
  {
    when: 'a person rejects',
    event: reject(),
    becomes: 'ignored: nothing waits for approval: 1.1.0 is being rolled back',
  },
  { when: 'a person ends the watch', event: endWatch(), becomes: 'ignored: 1.1.0 is being rolled back' },
  { when: 'a person retries', event: retry('1.1.0'), becomes: 'ignored: 1.1.0 is being rolled back' },
  { when: 'a person rolls back too', event: rollBack('1.1.0'), becomes: 'ignored: 1.1.0 is being rolled back already' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  { when: 'a stale wake comes', event: wake(6), becomes: 'ignored: a wake of step 6; the lane is at 7' },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, refused),
    becomes: 'ignored: a deployment is moving now',
  },
];
