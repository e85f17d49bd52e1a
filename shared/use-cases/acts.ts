import { openAct, withOpenAct } from '../lane/finish.ts';
import { isStale, keptBack } from '../lane/kept-back.ts';
import type { Deployment } from '../lane/lane.ts';
import type { Look } from '../lane/look.ts';
import type { Act } from '../lane/swap/act.ts';
import { preconditions } from '../lane/swap/preconditions.ts';
import { assertNever, type Identity } from '../lane/words.ts';
import type { Ports, Sent } from '../ports.ts';
import { activeFor, over, type Perform, type Work } from './work.ts';

/** How many new connections ask production in a look. */
export const freshConnections = 3;
/** Kudu reads the package within this time. */
const readablePackageMs = 3_600_000;

type Planned = Extract<Act, { step: 'planned' }>;

/**
 * Rules 1 and 2 of DESIGN §6. The preconditions are read at the moment of acting, which also has token and connection ready; then
 * the intent is claimed by a conditional write; only the invocation whose own write made that move sends, once, and only while
 * neither of its clocks says that the claim is old. Whoever finds an intent claimed never sends.
 */
export const performAct: Perform<'act'> = async (work, { deployment, intent }) => {
  const { ports } = work;
  const at = activeFor(work, deployment);
  const act = openAct(work.stored.lane);
  if (at === null || act === null || act.intent !== intent) return over('this act');
  if (act.step !== 'planned')
    return { end: 'unknown', because: 'claimed by an invocation that did not tell how it ended' };
  const why = waitsFor(work);
  if (why !== null) return { end: 'later', when: new Date(ports.now().getTime() + 30_000), because: why };
  const send = await sender(ports, at, act);
  const began = clocks(ports);
  const look = await ports.site.look(at.policy.site, {
    versionFrom: at.policy.versionFrom,
    intent: null,
    freshConnections,
  });
  const pre = preconditions(ports.now(), ports.timing, at.policy, act, expectedInProduction(at), look);
  if (!pre.met) return notMet(ports, pre, look);
  // An invocation that stood still while it looked would act on what was so long ago.
  if (isOld(ports, began, 3 * ports.timing.claimMs))
    return { end: 'later', when: ports.now(), because: 'the look took too long to act on' };
  const claimed = clocks(ports);
  await claim(work, act, { at: claimed.wall, look });
  if (isOld(ports, claimed, ports.timing.claimMs))
    return { end: 'unknown', because: 'the claim was too old to send under' };
  return send();
};

/** The clock sees to what was kept back for long; it must not be sent before that. */
function waitsFor({ ports, stored: { lane } }: Work): string | null {
  return keptBack(ports.stopped, lane) ?? (isStale(ports.now(), lane) ? 'it is verified anew first' : null);
}

function notMet(
  ports: Ports,
  pre: { met: false } & ({ wait: string } | { refuse: string } | { mismatch: string }),
  look: Look,
) {
  if ('wait' in pre)
    return {
      end: 'later',
      when: new Date(ports.now().getTime() + ports.timing.pollThenMs),
      because: pre.wait,
    } as const;
  if ('refuse' in pre) return { end: 'refused', because: pre.refuse } as const;
  return { end: 'refused', because: pre.mismatch, look } as const;
}

/** Everything slow happens before the claim: what is returned only sends. */
async function sender(ports: Ports, { policy }: Deployment, { goal, intent }: Planned): Promise<() => Promise<Sent>> {
  const { site } = policy;
  const { requestDeadlineMs } = ports.timing;
  switch (goal.kind) {
    case 'publish': {
      const url = await ports.packages.readUrl(goal.sha256, new Date(ports.now().getTime() + readablePackageMs));
      return () => ports.site.sendPublish(site, intent, url, requestDeadlineMs);
    }
    case 'settings': {
      const settings = {
        ...(await ports.site.settings(site)),
        WEBSITE_SWAP_WARMUP_PING_PATH: goal.path,
        WEBSITE_SWAP_WARMUP_PING_STATUSES: goal.statuses,
      };
      return () => ports.site.sendSettings(site, intent, settings, requestDeadlineMs);
    }
    case 'reset':
      return () => ports.site.sendReset(site, intent, requestDeadlineMs);
    case 'swap':
      return () => ports.site.sendSwap(site, intent, requestDeadlineMs);
    default:
      return assertNever(goal);
  }
}

async function claim(work: Work, act: Planned, claimed: { at: Date; look: Look }): Promise<void> {
  const { goal, intent, attempt } = act;
  const lane = withOpenAct(work.stored.lane, { step: 'sending', goal, intent, attempt, claim: claimed });
  work.stored = await work.ports.lanes.save(work.stored, {
    lane,
    effects: [],
    settled: [],
    journal: [],
    records: [],
    builds: [],
    seen: [],
    attentionAt: claimed.at,
    traces: work.stored.traces,
  });
}

interface Clocks {
  wall: Date;
  monotonic: number;
}

const clocks = (ports: Ports): Clocks => ({ wall: ports.now(), monotonic: ports.monotonic() });

/** Either clock may stand still with a suspended machine or be set back; hardly both. */
function isOld(ports: Ports, { wall, monotonic }: Clocks, mostMs: number): boolean {
  return ports.monotonic() - monotonic > mostMs || ports.now().getTime() - wall.getTime() > mostMs;
}

/** What production must hold while this stage acts. */
function expectedInProduction(at: Deployment): Identity {
  switch (at.stage) {
    case 'staging':
      return at.at.step === 'looking' ? { kudu: null, version: null } : at.at.former.identity;
    case 'rolling-back':
      return at.bad;
    case 'swapping':
    case 'warming':
    case 'verifying':
    case 'awaiting-approval':
      return at.former.identity;
    case 'watching':
    case 'awaiting-rollback':
      return at.goal;
    default:
      return assertNever(at);
  }
}

/** One poll of an accepted act. */
export const performPoll: Perform<'poll'> = async (work, { deployment, intent }) => {
  const at = activeFor(work, deployment);
  const act = openAct(work.stored.lane);
  if (at === null || act === null || act.intent !== intent || act.step !== 'accepted' || act.token === null)
    return over('this poll');
  const { site } = work.ports;
  const poll = act.goal.kind === 'publish' ? site.pollPublish : site.pollSwap;
  return { end: 'done', value: await poll.call(site, at.policy.site, act.token) };
};
