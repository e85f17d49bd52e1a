import type { Write } from '../../shared/adapters/tables/table.ts';
import type { BuildRow } from '../../shared/lane/effect.ts';
import { openAct } from '../../shared/lane/finish.ts';
import type { DeploymentRecord, Lane } from '../../shared/lane/lane.ts';
import type { Act } from '../../shared/lane/swap/act.ts';
import { contentOf } from './content-of.ts';
import type { Core, Worker } from './core.ts';
import type { Network } from './network.ts';
import type { Site } from './site.ts';
import { openIntents, SwapLaws } from './swap-laws.ts';

/** A version that the lane said went live by us. */
export interface GoingLive {
  deployment: string;
  kind: 'deploy' | 'rollback';
  liveAt: number;
}

/**
 * The laws, checked in the moment something changes: rows as they are written here, requests and the site in `swaps`. P1 to P7 are
 * the properties of the model of the swap rules.
 */
export class Laws {
  readonly #core: Core;
  #site: Site | null = null;
  #network: Network | null = null;
  lane: Lane | null = null;
  readonly records = new Map<string, DeploymentRecord>();
  readonly goingLives: GoingLive[] = [];
  readonly adoptions: number[] = [];
  /** The worker that wrote the lane last. */
  writer: Worker | null = null;
  /** Told when the first watch begins. */
  onWatching: () => void = () => {};
  /** What was met in this life: stages, steps of acts, ends. */
  readonly met = new Set<string>();
  /** Laws that are not watched over: what is planted is then caught by what it does. */
  readonly unwatched = new Set<string>();
  /** What production held when a deployment started. */
  readonly #startedOn = new Map<string, string>();

  readonly swaps: SwapLaws;

  constructor(core: Core) {
    this.#core = core;
    this.swaps = new SwapLaws(core, this);
  }

  watch(site: Site, network: Network): void {
    this.#site = site;
    this.#network = network;
  }

  get site(): Site {
    if (this.#site === null) throw new Error('no site is watched');
    return this.#site;
  }

  /** What is about to be claimed or sent. */
  get acting(): Act['goal']['kind'] | null {
    const act = this.lane === null ? null : openAct(this.lane);
    return act?.step === 'planned' || act?.step === 'sending' ? act.goal.kind : null;
  }

  /** A transaction of the table of lanes. */
  written(writes: Write[]): void {
    for (const write of writes) {
      if (write.write === 'delete') continue;
      if (write.row.rowKey === 'lane') this.#laneWritten(contentOf<Lane>(write.row), write.row.attentionAt ?? null);
      if (write.row.rowKey.startsWith('build!')) {
        const { build, quarantined } = contentOf<BuildRow>(write.row);
        if (quarantined !== null) this.swaps.quarantined.add(Number(build.number));
      }
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
    this.swaps.claimed(lane);
    const live = lane.live;
    if (live !== null && before?.live?.liveAt.getTime() !== live.liveAt.getTime()) {
      if (live.deployment === null) this.adoptions.push(live.liveAt.getTime());
      else this.#wentLive(before, lane, live.deployment, live.liveAt.getTime());
    }
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
    if (this.#core.actor?.looked !== this.site.acts) return;
    const { production, operation } = this.site;
    if (production.value.version !== lane.live?.version)
      this.#core.broken('P4 live is true', `${says}, production holds ${production.value.version}`);
    const open = openIntents(before);
    if (open.some((intent) => this.#network?.isUnderWay(intent) || operation?.intent === intent))
      this.#core.broken('P4 live is true', `${says} while a request of its own may still be taken`);
  }

  #recordWritten(record: DeploymentRecord): void {
    const before = this.records.get(record.id);
    this.records.set(record.id, record);
    const { production, acts } = this.site;
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

export const liveAfterFinding = 'live only after a finding';

const endsUntouched = new Set(['failed', 'rejected', 'expired', 'superseded', 'cancelled', 'staged']);

function described(lane: Lane): string {
  const { active } = lane;
  const act = openAct(lane);
  const doing = act === null ? '' : ` ${act.goal.kind} ${act.step} ${act.intent}`;
  const at = active === null ? 'idle' : `${active.stage} ${active.build.version}${doing}: ${active.record.why}`;
  return `${at}; live ${lane.live?.version ?? 'unknown'}${lane.hold === null ? '' : `; on hold: ${lane.hold.because}`}`;
}
