import type { Write } from '../../shared/adapters/tables/table.ts';
import { openAct } from '../../shared/lane/finish.ts';
import type { DeploymentRecord, Lane } from '../../shared/lane/lane.ts';
import type { Act } from '../../shared/lane/swap/act.ts';
import { AZURE } from '../../shared/wire/durations.ts';
import { contentOf } from './content-of.ts';
import type { Core, Worker } from './core.ts';
import type { Network } from './network.ts';
import type { Content, Operation, Site } from './site.ts';

type SwapGoal = Extract<Act['goal'], { kind: 'swap' }>;

/** What is remembered of an intent from its claim on. */
interface Claimed {
  /** Acts by hand that the look before the claim can have shown. */
  acts: number;
  /** When that look was taken, by the true time. */
  looked: number;
  goal: Act['goal'];
}

/** A version that the lane said went live by us. */
export interface GoingLive {
  deployment: string;
  kind: 'deploy' | 'rollback';
  liveAt: number;
}

/**
 * The laws, checked in the moment something changes: requests as they leave, the site as it changes, rows as they are written.
 * P1 to P7 are the properties of the model of the swap rules.
 */
export class Laws {
  readonly #core: Core;
  #site: Site | null = null;
  #network: Network | null = null;
  lane: Lane | null = null;
  readonly records = new Map<string, DeploymentRecord>();
  readonly goingLives: GoingLive[] = [];
  readonly adoptions: number[] = [];
  /** Builds that a person commanded, whatever their age or what was said of them. */
  readonly commanded = new Set<number>();
  /** The worker that wrote the lane last. */
  writer: Worker | null = null;
  /** Told of each swap request of ours, counted from one. */
  onSwapRequest: (count: number) => void = () => {};
  /** Told when the first watch begins. */
  onWatching: () => void = () => {};
  #swapRequests = 0;
  /** What was met in this life: stages, steps of acts, ends. */
  readonly met = new Set<string>();
  /** Laws that are not watched over: what is planted is then caught by what it does. */
  readonly unwatched = new Set<string>();
  readonly #posts = new Map<string, number>();
  readonly #claims = new Map<string, Claimed>();
  readonly #firstSwaps = new Map<string, number>();
  readonly #applied = new Map<string, number>();
  readonly #rollbacks = new Map<string, number>();
  readonly #looks = new Map<number, { acts: number; at: number }>();
  /** What production held when a deployment started. */
  readonly #startedOn = new Map<string, string>();

  constructor(core: Core) {
    this.#core = core;
  }

  watch(site: Site, network: Network): void {
    this.#site = site;
    this.#network = network;
  }

  get #truth(): Site {
    if (this.#site === null) throw new Error('no site is watched');
    return this.#site;
  }

  /** What is about to be claimed or sent. */
  get acting(): Act['goal']['kind'] | null {
    const act = this.lane === null ? null : openAct(this.lane);
    return act?.step === 'planned' || act?.step === 'sending' ? act.goal.kind : null;
  }

  /** A look was taken, its first answer read at `since` by the true time. */
  looked(at: Date, acts: number, since: number): void {
    const known = this.#looks.get(at.getTime());
    this.#looks.set(at.getTime(), { acts: Math.min(acts, known?.acts ?? acts), at: since });
  }

  posted(kind: string, intent: string): void {
    if (kind === 'swap') {
      this.#swapRequests += 1;
      this.onSwapRequest(this.#swapRequests);
    }
    const count = (this.#posts.get(intent) ?? 0) + 1;
    this.#posts.set(intent, count);
    if (count > 1) this.#core.broken('one request per intent', `${kind} ${intent} was sent ${count} times`);
    const age = this.#core.time.now() - (this.#claims.get(intent)?.looked ?? Number.NEGATIVE_INFINITY);
    if (age > freshMs) this.#core.broken('an act rests on a fresh look', `${kind} ${intent}: looked ${age} ms before`);
  }

  /** A swap took effect: P1, P2, P3, and what may come to serve people. */
  swapped(operation: Operation, before: Content, after: Content): void {
    const { intent } = operation;
    if (intent === null) return;
    const broken = (law: string, what: string): never => this.#core.broken(law, `${intent}: ${what}`);
    const times = (this.#applied.get(intent) ?? 0) + 1;
    this.#applied.set(intent, times);
    if (times > 1) broken('P1 an intent changes production once', `${times} times`);
    if (!openIntents(this.lane).includes(intent))
      broken('P3 what is over stays over', `changed production to ${after.version} after its act was closed`);
    const claimed = this.#claims.get(intent);
    if (claimed === undefined || claimed.goal.kind !== 'swap') throw broken('claimed before sent', 'no claim');
    if (claimed.acts === this.#truth.acts) this.#aimed(broken, claimed.goal, before, after);
    const active = this.lane?.active;
    if (active?.stage === 'rolling-back') {
      const back = (this.#rollbacks.get(active.record.id) ?? 0) + 1;
      this.#rollbacks.set(active.record.id, back);
      if (back > 1) broken('one rollback per deployment', active.record.id);
    }
  }

  #aimed(broken: (law: string, what: string) => never, goal: SwapGoal, before: Content, after: Content): void {
    const took = `took production from ${before.version} (${before.kudu}) to ${after.version} (${after.kudu})`;
    // By version: what the lane takes for an identity may itself be wrong.
    if (before.version !== goal.former.version || after.version !== goal.goal.version)
      broken('P2 from the expected build to the intended', took);
    const rollingBack = this.lane?.active?.stage === 'rolling-back';
    if (!after.verified && after.by === 'us' && !rollingBack) broken('production gets what was verified', took);
    if (after.by === 'us' && (after.traits.badInStaging || after.traits.breaksInSwap || after.traits.badDigest))
      broken('production gets what was verified', took);
    const isOlder = after.build !== null && before.build !== null && after.build < before.build;
    if (isOlder && !rollingBack && !this.commanded.has(after.build ?? -1))
      broken('no older build over a newer one', took);
  }

  /** A transaction of the table of lanes. */
  written(writes: Write[]): void {
    for (const write of writes) {
      if (write.write === 'delete') continue;
      if (write.row.rowKey === 'lane') this.#laneWritten(contentOf<Lane>(write.row), write.row.attentionAt ?? null);
      if (write.row.rowKey.startsWith('deployment!')) this.#recordWritten(contentOf<DeploymentRecord>(write.row));
    }
  }

  #laneWritten(lane: Lane, attentionAt: unknown): void {
    const before = this.lane;
    this.lane = lane;
    this.writer = this.#core.actor;
    this.#core.say('lane', `step ${lane.step} ${described(lane)}`);
    const isUntouched = lane.step === 0 && lane.active === null;
    if (!isUntouched && (lane.wakeAt === null || attentionAt === null))
      this.#core.broken('an unfinished lane has its clock set', described(lane));
    const act = openAct(lane);
    if (lane.active?.stage === 'watching' && !this.met.has('stage watching')) this.onWatching();
    if (lane.active !== null) this.met.add(`stage ${lane.active.stage}`);
    if (lane.hold !== null) this.met.add('hold');
    if (act !== null) this.met.add(`${act.goal.kind} ${act.step}${act.attempt > 1 ? ' again' : ''}`);
    if (act !== null && act.step === 'sending' && !this.#claims.has(act.intent)) this.#claimed(lane, act);
    const live = lane.live;
    if (live !== null && before?.live?.liveAt.getTime() !== live.liveAt.getTime()) {
      if (live.deployment === null) this.adoptions.push(live.liveAt.getTime());
      else this.#wentLive(before, lane, live.deployment, live.liveAt.getTime());
    }
  }

  #claimed(lane: Lane, act: Extract<Act, { step: 'sending' }>): void {
    const look = this.#looks.get(act.claim.look.at.getTime());
    const acts = look?.acts ?? this.#truth.acts;
    this.#claims.set(act.intent, { acts, goal: act.goal, looked: look?.at ?? this.#core.time.now() });
    if (act.goal.kind !== 'swap' || lane.active === null) return;
    const goal = `${lane.active.record.id} ${lane.active.stage}`;
    const first = this.#firstSwaps.get(goal);
    if (first === undefined || act.attempt === 1) this.#firstSwaps.set(goal, this.#truth.swaps);
    else if (acts === this.#truth.acts && first !== this.#truth.swaps)
      this.#core.broken(
        'P7 what a person did is not undone',
        `${act.intent}: a swap was completed since the first intent`,
      );
  }

  /** P4: "live" is what production runs, and only a finding says so. */
  #wentLive(before: Lane | null, lane: Lane, deployment: string, liveAt: number): void {
    const kind = before?.active?.stage === 'rolling-back' ? 'rollback' : 'deploy';
    this.goingLives.push({ deployment, kind, liveAt });
    const act = before === null ? null : openAct(before);
    const says = `${lane.live?.version} went live`;
    const isFound = act !== null && act.step === 'looking' && act.first !== null;
    if (!isFound && !this.unwatched.has(liveAfterFinding))
      this.#core.broken(liveAfterFinding, `${says}, the act was at ${act?.step ?? 'nothing'}`);
    if (this.#core.actor?.looked !== this.#truth.acts) return;
    const { production, operation } = this.#truth;
    if (production.value.version !== lane.live?.version)
      this.#core.broken('P4 live is true', `${says}, production holds ${production.value.version}`);
    const open = openIntents(before);
    if (open.some((intent) => this.#network?.isUnderWay(intent) || operation?.intent === intent))
      this.#core.broken('P4 live is true', `${says} while a request of its own may still be taken`);
  }

  #recordWritten(record: DeploymentRecord): void {
    const before = this.records.get(record.id);
    this.records.set(record.id, record);
    const { production, acts } = this.#truth;
    const { kudu, build } = production.value;
    const says = `${record.build.version} (${record.id}) is ${record.outcome ?? record.stage}`;
    if (before !== undefined && before.outcome !== null && before.outcome !== record.outcome)
      this.#core.broken('an end is an end', `${says}, was ${before.outcome}`);
    if (record.stages.some(({ stage }) => stage === 'staging') && !this.#startedOn.has(record.id))
      this.#startedOn.set(record.id, kudu);
    if (record.outcome === null || before?.outcome === record.outcome) return;
    this.met.add(`${record.kind} ${record.outcome}`);
    const holds = `${says}, production holds ${production.value.version}`;
    const own = Number(record.build.number ?? -1);
    // Who has seen what a person did may not tell otherwise.
    const isKnown = acts === 0 || this.#core.actor?.looked === acts;
    if (record.outcome === 'live' && build !== own && isKnown)
      this.#core.broken('success is told when it is true', holds);
    if (acts > 0) return;
    if (record.outcome === 'needs-human')
      this.met.add(`needs-human: ${record.why}`.replace(/\d+\.\d+\.\d+|0[a-z0-9-]{15,}/g, 'X'));
    if (record.outcome === 'rolled-back' && record.kind === 'deploy' && build === own)
      this.#core.broken('success is told when it is true', holds);
    const started = this.#startedOn.get(record.id);
    if (endsUntouched.has(record.outcome) && started !== undefined && started !== kudu)
      this.#core.broken('P5 failed means untouched', `${holds}; it held ${started} at the start`);
  }
}

/** A look may take three times as long as a claim is sent under. */
const freshMs = 4 * AZURE.claimMs + 1_000;

export const liveAfterFinding = 'live only after a finding';

const endsUntouched = new Set(['failed', 'rejected', 'expired', 'superseded', 'cancelled', 'staged']);

/** The open act, and the swap that waits while the preview it left is reset. */
function openIntents(lane: Lane | null): string[] {
  const act = lane === null ? null : openAct(lane);
  if (act === null) return [];
  return act.goal.kind === 'reset' ? [act.intent, act.goal.interrupted.intent] : [act.intent];
}

function described(lane: Lane): string {
  const { active } = lane;
  const act = openAct(lane);
  const doing = act === null ? '' : ` ${act.goal.kind} ${act.step} ${act.intent}`;
  const at = active === null ? 'idle' : `${active.stage} ${active.build.version}${doing}: ${active.record.why}`;
  return `${at}; live ${lane.live?.version ?? 'unknown'}${lane.hold === null ? '' : `; on hold: ${lane.hold.because}`}`;
}
