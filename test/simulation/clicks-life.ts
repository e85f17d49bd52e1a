import type { Command } from '../../shared/lane/input.ts';
import type { BuildId, DeploymentId } from '../../shared/lane/words.ts';
import { commandNow } from '../../shared/wire/slack/command-now.ts';
import { actorOf } from './clicks-people.ts';
import { buildBy, type Event, pick, policyBy } from './clicks-scenario.ts';
import { lane, type ClicksWorld as World } from './clicks-world.ts';

/** What a message showed, when it did. */
interface Shown {
  deployment: DeploymentId;
  build: BuildId;
  live: BuildId;
}

/** What people and the world do, and the clock. */
export class Life {
  readonly #world: World;
  readonly #shown: Shown[] = [];
  #builds = 0;
  #repeats = 0;

  constructor(world: World) {
    this.#world = world;
  }

  happen([what, which, how, when]: Event): void {
    const world = this.#world;
    switch (what) {
      case 'arrive':
        this.#arrive(which);
        return;
      case 'progress':
        return;
      case 'wait':
        world.now += pick([1_000, 30_000, 120_000, 299_000, 480_000, 600_000], which);
        return;
      case 'click':
        this.#give(this.#buttonOn(this.#seenBy(how), which, how), how, when);
        return;
      case 'type':
        this.#type(which, how, when);
        return;
      case 'again':
        this.#again(which);
        return;
      case 'rights': {
        const somebody = world.people[which % world.people.length];
        if (somebody === undefined) return;
        if (how % 2 === 0) somebody.inRelease = !somebody.inRelease;
        else somebody.showsEmail = !somebody.showsEmail;
        return;
      }
      case 'file':
        world.policy = policyBy(which);
        return;
      case 'slack':
        world.slackIsDown = !world.slackIsDown;
        return;
      case 'topic':
        world.topicIsDown = !world.topicIsDown;
        return;
      case 'site':
        if (which % 2 === 0) world.site.refuses = !world.site.refuses;
        else world.site.isBad = !world.site.isBad;
        return;
      case 'die':
        world.lanes.dies = { saves: 1 + (which % 4), written: how % 2 === 0 };
        return;
    }
  }

  /** Until a person is waited for, or only a far clock is. */
  async progress(): Promise<void> {
    const world = this.#world;
    for (let received = 0; received < 14; received += 1) {
      const next = world.next;
      if (next === null || next - world.now > 60_000) break;
      world.now = Math.max(world.now, next);
      await world.deliver();
      this.#look();
      const stage = world.lane?.active?.stage;
      if (world.words === 0 && (stage === 'awaiting-approval' || stage === 'awaiting-rollback')) break;
    }
    this.#look();
  }

  async end(): Promise<void> {
    const world = this.#world;
    world.slackIsDown = false;
    world.topicIsDown = false;
    world.lanes.dies = null;
    const isOver = (): boolean => world.words === 0 && (world.lanes.stored?.pending.length ?? 0) === 0;
    for (let received = 0; received < 300 && !isOver(); received += 1) {
      const next = world.next;
      if (next === null) break;
      world.now = Math.max(world.now, next);
      await world.deliver();
    }
  }

  /** Messages show what the lane was at some time. */
  #look(): void {
    const { lane: now } = this.#world;
    const { active, live: inProduction } = now ?? {};
    const deployment = active?.record.id ?? inProduction?.deployment;
    const build = active?.build.id ?? inProduction?.build?.id;
    if (deployment === undefined || deployment === null || build === undefined) return;
    const shown = { deployment, build, live: inProduction?.build?.id ?? build };
    const last = this.#shown.at(-1);
    if (last === undefined || last.deployment !== deployment || last.build !== build || last.live !== shown.live)
      this.#shown.push(shown);
  }

  /** Mostly the newest message; sometimes an old one, or one that mixes two. */
  #seenBy(how: number): Shown | null {
    const newest = this.#shown.at(-1) ?? null;
    const old = this.#shown[how % Math.max(1, this.#shown.length)] ?? null;
    if (newest === null || old === null || how % 5 > 1) return newest;
    return how % 5 === 0
      ? old
      : pick(
          [
            { ...newest, build: old.build },
            { ...newest, deployment: old.deployment },
          ],
          how >> 3,
        );
  }

  #buttonOn(shown: Shown | null, which: number, how: number): Command | null {
    if (shown === null) return null;
    const { deployment, build, live: sawLive } = shown;
    const ended = this.#shown[how % this.#shown.length]?.deployment ?? deployment;
    const approve: Command = { type: 'approve', deployment, build };
    const rollBack: Command = { type: 'roll-back', sawLive, reason: 'people complain' };
    return pick<Command>(
      [
        approve,
        { type: 'retry', deployment: ended, sawLive: this.#world.lane?.live?.build?.id ?? null },
        approve,
        rollBack,
        { type: 'release' },
        approve,
        { type: 'end-watch', deployment, sawLive },
        { type: 'reject', deployment, build, reason: 'not today' },
        { type: 'retry', deployment, sawLive: this.#world.lane?.live?.build?.id ?? null },
        rollBack,
        { type: 'release' },
        { type: 'hold', reason: 'a freeze' },
        { type: 'deploy', build, sawLive },
      ],
      which,
    );
  }

  #type(which: number, how: number, when: number): void {
    const now = this.#world.lane;
    if (now === null) return;
    const wish = pick(['approve', 'approve', 'reject', 'roll-back'] as const, which);
    const wanted = commandNow({ wish, words: '' }, now);
    if (wanted.ok) this.#give(wanted.command, how, when);
  }

  /** Between the click and its use there is time. */
  #give(command: Command | null, how: number, when: number): void {
    const world = this.#world;
    const somebody = world.people[(how >> 2) % world.people.length];
    if (command === null || somebody === undefined) return;
    const id = world.newInputId();
    world.gave.set(id, somebody);
    const at = world.now + pick([0, 0, 0, 2_000, 400_000], when);
    world.send(
      { id, lane, type: 'command', by: actorOf(somebody), command, replyTo: `https://slack.example/${id}` },
      '',
      at,
    );
  }

  #again(which: number): void {
    const world = this.#world;
    const ids = [...world.gave.keys()];
    const input = world.inputs.get(ids[which % Math.max(1, ids.length)] ?? '');
    this.#repeats += 1;
    if (input !== undefined) world.send(input, `~again${this.#repeats}`, world.now);
  }

  #arrive(which: number): void {
    const world = this.#world;
    this.#builds += 1;
    const build = buildBy(this.#builds, which, new Date(world.now));
    world.builds.set(build.id, build);
    world.send({ id: world.newInputId(), lane, type: 'build-arrived', build }, '', world.now);
  }
}
