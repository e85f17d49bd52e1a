import { advanceAct, planAct } from '../acting.ts';
import { compareWithLive } from '../adoption.ts';
import { arrive } from '../arrivals.ts';
import { brief } from '../brief.ts';
import { after, ask, become, type Draft, type Handled, ignored, type StageEvent, wake, wakeIn } from '../decision.ts';
import type { Settled } from '../effect.ts';
import { finish, needsHuman } from '../finish.ts';
import type { Deployment, Live, Staging } from '../lane.ts';
import type { Look } from '../look.ts';
import { commandRollBack, rollBack, wayBack } from '../orders.ts';
import type { Act } from '../swap/act.ts';
import type { ActEvent } from '../swap/advance.ts';
import { pingFault, siteFaults, warmUpPingOf } from '../swap/preconditions.ts';
import { assertNever, type Identity } from '../words.ts';
import { commanded, notWatchedYet } from './commanded.ts';
import { startWarming } from './warming.ts';

type InStaging = Extract<Deployment, { stage: 'staging' }>;
type At<Step extends Staging['step']> = InStaging & { at: Extract<Staging, { step: Step }> };

/** The site is looked at, the artefact copied to our container, and that copy published to the slot. */
export function staging(draft: Draft, at: InStaging, event: StageEvent): Handled {
  switch (event.type) {
    case 'build-arrived':
      return arrive(draft, event.build);
    case 'package-copied':
      if (at.at.step !== 'copying' || event.deployment !== at.record.id) return ignored('no package is waited for');
      if (event.sha256 !== at.build.sha256) return ignored('another package is waited for');
      return act(draft, at, at.at.former);
    case 'package-refused':
      if (at.at.step !== 'copying' || event.deployment !== at.record.id) return ignored('no package is waited for');
      if (event.attempt !== at.at.attempt) return ignored(`attempt ${at.at.attempt} is waited for`);
      return finish(draft, 'failed', event.because);
    case 'wake':
      return onWake(draft, at);
    case 'settled':
      return onSettled(draft, at, event);
    case 'command':
      return commanded(draft, at, event, {
        rollBack: ({ reason, sawLive }) => rollBackInstead(draft, at, event.by.name, reason, sawLive),
        endWatch: notWatchedYet,
      });
    default:
      return assertNever(event);
  }
}

function onWake(draft: Draft, deployment: InStaging): Handled {
  const { at } = deployment;
  const { now, timing } = draft.facts;
  switch (at.step) {
    case 'looking':
      if (now.getTime() - at.since.getTime() > timing.operationMs)
        return finish(draft, 'failed', `the site could not be looked at: ${deployment.record.why}`);
      ask(draft, { type: 'look', deployment: deployment.record.id, intent: null });
      wakeIn(draft, timing.pollThenMs);
      return 'moved';
    case 'copying':
      if (now < at.deadline) {
        wake(draft, at.deadline);
        return 'moved';
      }
      if (at.attempt >= 3) return finish(draft, 'failed', 'the artefact could not be copied in time');
      return copy(draft, deployment, at.former, at.attempt + 1);
    case 'acting':
      return onAct(draft, { ...deployment, at }, { type: 'wake' });
    default:
      return assertNever(at);
  }
}

function onSettled(draft: Draft, deployment: InStaging, event: { type: 'settled' } & Settled): Handled {
  const { at } = deployment;
  switch (at.step) {
    case 'looking': {
      if (event.of !== 'look' || event.effect.deployment !== deployment.record.id)
        return ignored('the site is being looked at');
      if (event.result.end !== 'done')
        return finish(draft, 'failed', `the site could not be looked at: ${event.result.because}`);
      return looked(draft, deployment, event.result.value);
    }
    case 'copying':
      if (event.of !== 'copy-package' || event.effect.deployment !== deployment.record.id)
        return ignored('the package is being copied');
      return event.result.end === 'refused'
        ? finish(draft, 'failed', event.result.because)
        : ignored('its copying is told by an input');
    case 'acting':
      return onAct(draft, { ...deployment, at }, event);
    default:
      return assertNever(at);
  }
}

/** First the truth about production, then whether the site is one we can act on at all. */
function looked(draft: Draft, deployment: InStaging, look: Look): Handled {
  const { timing } = draft.facts;
  if (look.operation !== null) {
    wakeIn(draft, timing.pollThenMs);
    return become(draft, deployment, `another operation (${look.operation}) is in progress`);
  }
  const compared = compareWithLive(draft, look);
  if (compared.is === 'look-again') {
    wakeIn(draft, timing.lookGapMs);
    return become(draft, deployment, 'production is not what we knew; looks again');
  }
  const { live } = compared;
  if (live.build?.id === deployment.build.id) return finish(draft, 'superseded', `${live.version} is live already`);
  if (look.targetSwapSlot !== null)
    return finish(draft, 'failed', 'a swap with preview is pending; complete or cancel it');
  const unsafe = siteFaults(deployment.policy, look);
  if (unsafe !== null) return finish(draft, 'failed', unsafe);
  if (pingFault(deployment.policy, look, 'staging') === null) return copy(draft, deployment, live, 1);
  const at: InStaging = { ...deployment, record: { ...deployment.record, from: live.version } };
  const settings = planAct(draft, at, { kind: 'settings', ...warmUpPingOf(deployment.policy) });
  return become(
    draft,
    { ...at, at: { step: 'acting', former: live, act: settings, thenRollBack: null } },
    'sets the warm-up ping of staging',
  );
}

function copy(draft: Draft, deployment: InStaging, former: Live, attempt: number): Handled {
  const { now, timing } = draft.facts;
  const record = { ...deployment.record, from: former.version };
  ask(draft, { type: 'copy-package', deployment: record.id, build: deployment.build.id, attempt });
  wakeIn(draft, timing.copyMs);
  const next: Staging = { step: 'copying', former, attempt, deadline: after(now, timing.copyMs) };
  return become(
    draft,
    { ...deployment, record, at: next },
    attempt === 1 ? 'copies the artefact' : `copies the artefact again (attempt ${attempt})`,
  );
}

function act(draft: Draft, deployment: InStaging, former: Live): Handled {
  const publish = planAct(draft, deployment, {
    kind: 'publish',
    sha256: deployment.build.sha256,
    deployment: deployment.record.id,
  });
  return become(
    draft,
    { ...deployment, at: { step: 'acting', former, act: publish, thenRollBack: null } },
    'publishes to staging',
  );
}

function onAct(draft: Draft, deployment: At<'acting'>, event: ActEvent): Handled {
  const { former, thenRollBack } = deployment.at;
  return advanceAct(draft, deployment, deployment.at.act, event, {
    keep: (next, told) =>
      thenRollBack !== null && isUnsent(next)
        ? rollBack(draft, thenRollBack)
        : become(draft, { ...deployment, at: { ...deployment.at, act: next } }, told),
    done: ({ look }) => {
      if (thenRollBack !== null) return rollBack(draft, thenRollBack);
      if (deployment.at.act.goal.kind === 'settings') return copy(draft, deployment, former, 1);
      const goal = goalOf(deployment, look);
      draft.lane.staged = { build: deployment.build, identity: goal };
      return startWarming(draft, deployment, former, goal);
    },
    failed: (because) => (thenRollBack === null ? finish(draft, 'failed', because) : rollBack(draft, thenRollBack)),
    needsHuman: (because) => needsHuman(draft, because),
  });
}

/** What staging holds now: Kudu's id of our publish, which was found active, and the version the app must answer from inside its package. */
function goalOf({ build, policy }: InStaging, look: Look): Identity {
  return { kudu: look.staging.identity.kudu, version: policy.versionFrom === undefined ? null : build.version };
}

/** An act that was claimed must be found out before anything else may touch the site. */
function rollBackInstead(draft: Draft, at: InStaging, by: string, reason: string, sawLive: string): Handled {
  const acting = at.at;
  if (acting.step !== 'acting' || isUnsent(acting.act)) return commandRollBack(draft, by, reason, sawLive);
  const way = wayBack(draft.lane, draft.facts.policy.mode, sawLive);
  if ('ignored' in way) return way;
  return become(
    draft,
    { ...at, at: { ...acting, thenRollBack: { ...way, by, reason: brief(reason) } } },
    `${by} rolls back as soon as the open ${acting.act.goal.kind} is found out`,
  );
}

const isUnsent = (open: Act): boolean => open.step === 'planned';
