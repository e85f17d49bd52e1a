import type { Command, Input } from '../../shared/lane/input.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import type { LaneChange, StoredLane } from '../../shared/ports.ts';
import { Broken } from './broken.ts';
import { rightToApprove, rightToOperate, type Truth, truthOf } from './clicks-people.ts';
import { type ClicksWorld, repliesIn } from './clicks-world.ts';

export const noRight = 'nothing is done without a right';
export const stale = 'only what was approved is swapped in';
export const lost = 'no word is lost';
export const twice = 'a word counts once';
export const held = 'on hold nothing starts';
export const rightful = 'a rightful word counts';
export const loud = 'breaking the glass is loud';
export const upToDate = 'a refused click brings its message up to date';

type Given = Extract<Input, { type: 'command' }>;

/** What a person saw when a deployment began to wait for approval. */
interface Asked {
  since: number;
  build: string;
  checks: string;
}

/** The laws, held against each change before it is written and each swap before it happens. */
export class ClicksLaws {
  readonly met = new Map<string, number>();
  readonly #world: ClicksWorld;
  readonly #started = new Map<string, Policy>();
  readonly #asked = new Map<string, Asked>();
  /** The build that was approved, by deployment. */
  readonly #approved = new Map<string, string>();
  readonly #used = new Set<string>();
  readonly #answered = new Set<string>();
  readonly #known = new Set<string>();

  constructor(world: ClicksWorld) {
    this.#world = world;
    world.lanes.saving = (stored, change) => this.#saving(stored, change);
    world.site.swapping = (incoming) => this.#swapped(incoming);
  }

  #saving({ lane: before }: StoredLane, change: LaneChange): void {
    const { lane: after } = change;
    const [seen] = change.seen;
    const input = seen === undefined ? null : (this.#world.inputs.get(seen.input) ?? null);
    if (seen !== undefined) {
      if (this.#answered.has(seen.input)) throw new Broken(twice, `${seen.input}: ${seen.told}`);
      this.#answered.add(seen.input);
    }
    const given = input?.type === 'command' ? input : null;
    if (given === null) this.#unasked(before, change, input);
    else this.#asks(before, change, given, seen?.outcome === 'applied');
    this.#approves(before, after, given);
    this.#swaps(before, after);
    this.#follow(before, change);
  }

  #asks(before: Lane, change: LaneChange, given: Given, applied: boolean): void {
    const { command, by, id } = given;
    const { may, must } = this.#expected(before, given);
    const told = `${command.type} by ${by.name}, ${change.seen[0]?.told ?? ''}`;
    this.#meet(`${command.type} ${applied ? 'applied' : 'ignored'}`);
    if (applied && !may) throw new Broken(noRight, told);
    if (applied && must === false)
      throw new Broken(command.type !== 'approve' ? noRight : before.hold === null ? stale : held, told);
    if (!applied && may && must === true) throw new Broken(rightful, told);
    if (!applied && !sameWork(before, change.lane)) throw new Broken(noRight, `refused, and yet done: ${told}`);
    if (given.replyTo !== undefined && repliesIn(change.effects, id) !== 1) throw new Broken(lost, told);
    const tells = change.effects.some(
      ({ effect }) => effect.type === 'announce' && 'deployment' in command && effect.deployment === command.deployment,
    );
    if (!applied && by.slackId !== undefined && 'deployment' in command && !tells) throw new Broken(upToDate, told);
  }

  /** `may`: the person's right; `must`: whether the word applies to the lane as it stands, null where that is not for these laws. */
  #expected(before: Lane, given: Given): { may: boolean; must: boolean | null } {
    const { command } = given;
    const at = before.active;
    const who = this.#truth(before, given);
    const policy = this.#policyOf(before);
    const operates = rightToOperate(policy, who);
    const isUnsent = isUnsentIn(before);
    const names = (word: { deployment: string; build: string }): boolean =>
      (at?.stage === 'awaiting-approval' || (command.type === 'reject' && isUnsent)) &&
      at !== null &&
      word.deployment === at.record.id &&
      word.build === at.build.id;
    switch (command.type) {
      case 'approve': {
        const inTime = at !== null && this.#world.now < this.#expiryOf(at.record.id);
        return { may: rightToApprove(policy, who) !== 'no', must: names(command) && inTime && before.hold === null };
      }
      case 'reject':
        return { may: operates || (!who.isToken && who.own === 'yes'), must: names(command) };
      case 'hold':
        return { may: operates, must: before.hold === null };
      case 'release':
        return { may: operates, must: before.hold !== null };
      case 'end-watch':
        return {
          may: operates,
          must: isWatched(before) && command.deployment === at?.record.id && saw(command, before),
        };
      case 'roll-back':
        if (isWatched(before)) return { may: operates, must: saw(command, before) };
        return {
          may: operates,
          must: (at?.stage === 'swapping' && !isUnsent) || at?.stage === 'rolling-back' ? false : null,
        };
      case 'deploy':
      case 'retry':
        return { may: operates, must: at === null ? null : false };
    }
  }

  /** What only a word may bring about. A rollback that had to wait for an open act was asked for before. */
  #unasked(before: Lane, { lane: after, records }: LaneChange, input: Input | null): void {
    const ordered =
      before.active?.stage === 'staging' && before.active.at.step === 'acting' && before.active.at.thenRollBack;
    if (before.hold !== null && after.hold === null) throw new Broken(noRight, 'released by nobody');
    if (before.hold === null && after.hold !== null && after.hold.by !== 'warmswap')
      throw new Broken(noRight, `held by ${after.hold.by}, who did not say so`);
    for (const { id, outcome, build } of records) {
      if (outcome === 'rejected' || (outcome === 'cancelled' && !ordered))
        throw new Broken(noRight, `${build.version} ${outcome} by nobody`);
      if (!this.#known.has(id) && input?.type !== 'build-arrived' && !ordered)
        throw new Broken(noRight, `${id} began by itself`);
    }
    const back =
      after.active?.stage === 'rolling-back' && before.active?.stage !== 'rolling-back' ? after.active : null;
    if (back !== null && back.by !== null && !ordered) throw new Broken(noRight, `${back.by} did not roll back`);
  }

  /** A deployment gets approved by exactly one word: about this build, with these checks, in time, by somebody who may. */
  #approves(before: Lane, { active: at }: Lane, given: Given | null): void {
    if (at === null || at.record.approvedBy === null || before.active?.record.approvedBy === at.record.approvedBy)
      return;
    const { build, record } = at;
    const asked = this.#asked.get(record.id);
    const { command } = given ?? {};
    if (given === null || command?.type !== 'approve' || asked === undefined || before.active?.record.id !== record.id)
      throw new Broken(stale, `${build.version} is approved without anybody's word`);
    const isShown = asked.build === build.id && asked.checks === JSON.stringify(before.active.record.checks);
    if (!isShown || command.build !== build.id || command.deployment !== record.id)
      throw new Broken(stale, `${command.build} in ${command.deployment} was approved, ${build.id} goes on`);
    const right = rightToApprove(this.#policyOf(before), this.#truth(before, given));
    if (record.brokeGlass !== (right === 'loudly') || record.approvedBy !== given.by.name)
      throw new Broken(loud, `approved by ${record.approvedBy}, loudly: ${record.brokeGlass}; may: ${right}`);
    this.#meet(`approved ${right}`);
    this.#approved.set(record.id, build.id);
  }

  /** An approval is used up by the one swap it was given for, after checks that held. */
  #swaps(before: Lane, { active: at }: Lane): void {
    // Kept back for long and not sent, it is verified anew, and its approval is not used up.
    if (at?.stage === 'warming' && isUnsentIn(before)) this.#used.delete(at.record.id);
    if (at?.stage !== 'swapping' || before.active?.stage === 'swapping') return;
    if (!this.#policyOf({ active: at }).approval.required) return;
    const { id, checks } = at.record;
    if (this.#approved.get(id) !== at.build.id || this.#used.has(id))
      throw new Broken(stale, `${at.build.version} (${id}) is swapped in without an approval of its own`);
    if (before.active?.stage !== 'verifying' || checks.length === 0 || checks.some(({ ok }) => !ok))
      throw new Broken(stale, `${at.build.version} is swapped in unverified`);
    this.#used.add(id);
  }

  /** At the site itself: what stands in staging is what somebody approved. */
  #swapped(incoming: string | null): void {
    const at = this.#world.lane?.active ?? null;
    if (at === null) throw new Broken(stale, 'a swap for nobody');
    if (at.stage !== 'swapping' || !this.#policyOf({ active: at }).approval.required) return;
    const approved = this.#world.builds.get(this.#approved.get(at.record.id) ?? '');
    if (approved === undefined || approved.version !== incoming)
      throw new Broken(stale, `${incoming} comes to production in ${at.record.id}`);
    this.#meet('swapped as approved');
  }

  #follow(before: Lane, { lane: { active }, records }: LaneChange): void {
    for (const { id, outcome } of records) {
      this.#known.add(id);
      if (outcome !== null) this.#meet(`ended ${outcome}`);
    }
    if (active === null) return;
    const { id, checks } = active.record;
    if (!this.#started.has(id)) this.#started.set(id, this.#world.policy);
    if (active.stage !== before.active?.stage) this.#meet(`stage ${active.stage}`);
    if (active.stage === 'awaiting-approval' && !this.#asked.has(id))
      this.#asked.set(id, { since: this.#world.now, build: active.build.id, checks: JSON.stringify(checks) });
  }

  /** At the end, when nothing is down and nothing waits. */
  async nothingIsLost(): Promise<void> {
    const { gave, lanes, answers } = this.#world;
    for (const id of gave.keys()) {
      const seen = await lanes.port.seen(this.#world.inputs.get(id)?.lane ?? ('' as never), id);
      if (seen === null) throw new Broken(lost, `nobody can say what became of ${id}`);
      const told = answers.get(id)?.size ?? 0;
      // Whoever dies between telling and noting that it was told leaves it to be told again; nothing else may.
      if (told === 0 || (told > 1 && lanes.deaths === 0)) throw new Broken(lost, `${id} was answered ${told} times`);
    }
  }

  #truth({ active, live }: Lane, { id }: Given): Truth {
    const somebody = this.#world.gave.get(id);
    if (somebody === undefined) throw new Error(`nobody gave ${id}`);
    const build = this.#world.builds.get(active?.build.id ?? live?.build?.id ?? '') ?? null;
    return truthOf(somebody, build, active?.record.requestedBy ?? null);
  }

  #policyOf({ active }: Pick<Lane, 'active'>): Policy {
    return this.#started.get(active?.record.id ?? '') ?? this.#world.policy;
  }

  #expiryOf(deployment: string): number {
    const { approval } = this.#started.get(deployment) ?? this.#world.policy;
    return (this.#asked.get(deployment)?.since ?? 0) + (approval.required ? approval.expiresAfterMs : 0);
  }

  #meet(what: string): void {
    this.met.set(what, (this.met.get(what) ?? 0) + 1);
  }
}

const isWatched = ({ active }: Lane): boolean => active?.stage === 'watching' || active?.stage === 'awaiting-rollback';
const saw = (command: Extract<Command, { sawLive: unknown }>, { active }: Lane): boolean =>
  command.sawLive === active?.build.id;

/** Being answered moves counters and the clock, nothing else. */
const sameWork = (a: Lane, b: Lane): boolean =>
  a.active === b.active && a.hold === b.hold && a.queue === b.queue && a.live === b.live && a.previous === b.previous;

const isUnsentIn = ({ active: at }: Lane): boolean =>
  at?.stage === 'swapping' && at.swap.step === 'planned' && at.swap.goal.kind === 'swap';
