import { decide } from '../../../shared/lane/decide.ts';
import type { Decision, Facts, LaneEvent } from '../../../shared/lane/decision.ts';
import type { BuildRow, Effect, EffectResult } from '../../../shared/lane/effect.ts';
import { type DeploymentRecord, emptyLane, type Lane } from '../../../shared/lane/lane.ts';
import type { Policy } from '../../../shared/lane/policy.ts';
import { someFacts } from '../../builders/decide.ts';
import { command, copied, copyRefused, settled, wake } from '../../builders/input.ts';
import { identityOf } from '../../builders/look.ts';
import { lane as laneName } from '../../builders/record.ts';
import { at, later } from '../../builders/time.ts';
import { aCommand, anArrival, anOddEvent, badly, pick } from './events.ts';
import { act, calmly, newSite, type Sending, type Site } from './site.ts';

/** One decision of a walk, with all that went into it. */
export interface Step {
  facts: Facts;
  before: Lane;
  event: LaneEvent;
  decision: Decision;
}

/** Three numbers choose what happens next, which of it, and how it ends. */
export type Dice = readonly [number, number, number];

const troubles = ['accepted', 'refused', 'unknown-done', 'unknown-lost', 'crashed', 'preview'] as const;
/** How often each happens: mostly all goes well, or no walk would come far. */
const weights = { settle: 36, wake: 12, arrive: 4, command: 3, trouble: 4, odd: 2, package: 1, person: 1 } as const;
const happenings = Object.entries(weights).flatMap(([name, times]) =>
  Array.from({ length: times }, () => name as keyof typeof weights),
);

/** A lane with its site, its rows and its pending effects, walked by plausible events in any order. */
export class Walk {
  lane: Lane = emptyLane(laneName);
  pending: Effect[] = [];
  readonly steps: Step[] = [];
  readonly records = new Map<string, DeploymentRecord>();
  readonly site: Site = newSite();
  readonly #builds = new Map<string, BuildRow>();
  readonly #policy: Policy;
  readonly #suffix: string;
  #now = at('10:00');
  #fresh = 10_000_000;

  constructor(policy: Policy, suffix = '') {
    this.#policy = policy;
    this.#suffix = suffix;
  }

  take([what, which, how]: Dice): void {
    switch (happenings[what % happenings.length]) {
      case 'settle':
        this.settle(which, 'carried-out');
        break;
      case 'arrive':
        this.#decide(anArrival(which, how, this.#suffix));
        break;
      case 'command':
        this.#decide(command(pick(['Ada', 'Grace'], how), aCommand(this.lane, [...this.records.keys()], which, how)));
        break;
      case 'package':
        this.#package(which, 1 + (how % 3));
        break;
      case 'trouble':
        this.#trouble(how);
        break;
      case 'person':
        this.#person(which);
        break;
      case 'odd':
        this.#decide(
          anOddEvent(
            this.lane,
            this.steps.map(({ event }) => event),
            which,
            how,
          ),
        );
        break;
      default:
        this.wake(how);
    }
  }

  /** One of the oldest pending effects, as it goes on a good day; the clock, where nothing is pending. */
  settle(which: number, sending: Sending): void {
    const effect = this.pending[which % 2] ?? this.pending[0];
    if (effect === undefined) this.wake(0);
    else if (effect.type === 'act') this.#act(effect, sending);
    else {
      this.#settled(effect, calmly(this.site, this.lane, this.#now, effect));
      if (effect.type === 'copy-package')
        this.#decide(copied(this.#builds.get(effect.build)?.build.artifact.sha256, effect.deployment, effect.attempt));
    }
  }

  /** Mostly the one that is due, when it is due or late; sometimes before it is due, or one of an earlier waiting. */
  wake(how: number): void {
    const { wakeAt, step } = this.lane;
    const stale = how % 8 === 7;
    const early = how % 8 === 5;
    if (wakeAt !== null && !stale && !early)
      this.#now = new Date(Math.max(this.#now.getTime(), wakeAt.getTime() + (how % 8 === 6 ? 3_600_000 : 0)));
    this.#decide(wake(stale ? step - 1 : step));
  }

  #act(effect: Extract<Effect, { type: 'act' }>, sending: Sending): void {
    const { lane, result } = act(this.site, this.lane, this.#now, effect.intent, sending);
    this.lane = lane;
    if (result !== null) this.#settled(effect, result);
  }

  #settled(effect: Effect, result: EffectResult<unknown>): void {
    this.pending = this.pending.filter((other) => other !== effect);
    this.#decide(settled(effect as never, result as never));
  }

  #package(which: number, attempt: number): void {
    const of = this.lane.active?.record.id;
    this.#decide(which % 3 === 0 ? copyRefused(of, attempt) : copied(this.lane.active?.build.sha256, of, attempt));
  }

  #trouble(how: number): void {
    const effect = this.pending.find(({ type }) => type !== 'announce' && type !== 'record-marker');
    if (effect === undefined) this.wake(how);
    else if (effect.type === 'act') this.#act(effect, pick(troubles, how));
    else this.#settled(effect, badly(this.site, this.#now, effect, how));
  }

  /** By hand: a swap, or a deploy to staging. */
  #person(which: number): void {
    const { site } = this;
    if (which % 2 === 1) site.staging = identityOf(`by-hand-${which % 3}`);
    else {
      [site.production, site.staging] = [site.staging, site.production];
      site.stamp += 1;
    }
  }

  #factsAbout(event: LaneEvent): Facts {
    const named =
      event.type === 'command' && event.command.type === 'retry'
        ? this.records.get(event.command.deployment)
        : undefined;
    const about =
      event.type === 'build-arrived'
        ? event.build.id
        : event.type === 'command' && event.command.type === 'deploy'
          ? event.command.build
          : null;
    const known = about === null ? undefined : this.#builds.get(about);
    return someFacts({
      now: this.#now,
      policy: this.#policy,
      fresh: String(this.#fresh),
      pending: this.pending,
      named: named ?? null,
      known: known ?? null,
    });
  }

  #decide(event: LaneEvent): void {
    this.#fresh += 1;
    this.#now = later(this.#now, 1_000);
    const facts = this.#factsAbout(event);
    const before = this.lane;
    const decision = decide(facts, before, event);
    this.steps.push({ facts, before, event, decision });
    if (decision.kind === 'ignore') {
      const { keep } = decision;
      if (keep !== null) this.#builds.set(keep.id, { build: keep, quarantined: null });
      return;
    }
    this.lane = decision.lane;
    this.pending = [...this.pending, ...decision.effects];
    for (const record of decision.records) this.records.set(record.id, record);
    const { newBuild } = decision;
    if (newBuild !== null) this.#builds.set(newBuild.id, { build: newBuild, quarantined: null });
    for (const { build, because, deployment } of decision.quarantined) {
      const row = this.#builds.get(build);
      if (row !== undefined) this.#builds.set(build, { ...row, quarantined: { because, deployment, at: this.#now } });
    }
  }
}
