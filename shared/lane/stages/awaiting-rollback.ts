import { arrive } from '../arrivals.ts';
import { after, become, type Draft, type Handled, ignored, type LaneEvent, wake } from '../decision.ts';
import { finish, hold } from '../finish.ts';
import type { Deployment } from '../lane.ts';
import { holdOrRelease } from '../orders.ts';
import { assertNever } from '../words.ts';
import { startRollingBack } from './rolling-back.ts';

type Awaiting = Extract<Deployment, { stage: 'awaiting-rollback' }>;

export function startAwaitingRollback(
  draft: Draft,
  from: Extract<Deployment, { stage: 'watching' }>,
  bad: string,
): 'moved' {
  const { record, build, policy, former, goal } = from;
  const expiresAt = after(draft.facts.now, policy.rollback.askExpiresAfterMs);
  wake(draft, expiresAt);
  const why = build.schemaChange === 'contract' ? 'its schema change forbids an automatic rollback' : 'the policy asks';
  return become(
    draft,
    { stage: 'awaiting-rollback', record, build, policy, former, goal, expiresAt, why: bad },
    `bad: ${bad}; ${why}: roll back?`,
  );
}

/** A person is asked, with the evidence. Without an answer the build stays, and nothing else starts. */
export function awaitingRollback(draft: Draft, at: Awaiting, event: LaneEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
    case 'package-refused':
      return ignored('the package is published already');
    case 'wake':
      if (draft.facts.now < at.expiresAt) {
        wake(draft, at.expiresAt);
        return 'moved';
      }
      finish(draft, 'live', `bad, and nobody decided before ${at.expiresAt.toISOString()}`);
      return hold(draft, 'warmswap', `${at.build.version} was judged bad and stayed: ${at.why}`);
    case 'settled':
      return ignored('a person is waited for');
    case 'command':
      switch (event.command.type) {
        case 'hold':
        case 'release':
          return holdOrRelease(draft, event.by, event.command);
        case 'roll-back':
          if (event.command.sawLive !== at.build.id)
            return ignored(`you saw ${event.command.sawLive} live; live is ${at.build.version} (${at.build.id})`);
          return startRollingBack(draft, at, at.why, event.by.name);
        case 'end-watch':
          if (event.command.deployment !== at.record.id)
            return ignored(`you named ${event.command.deployment}; asked about is ${at.record.id}`);
          if (event.command.sawLive !== at.build.id)
            return ignored(`you saw ${event.command.sawLive} live; live is ${at.build.version} (${at.build.id})`);
          return finish(draft, 'live', `${event.by.name} kept it although it was judged bad`);
        case 'approve':
        case 'reject':
          return ignored('it is live already');
        case 'retry':
          return ignored(`${at.build.version} is live`);
        default:
          return assertNever(event.command);
      }
    default:
      return assertNever(event);
  }
}
