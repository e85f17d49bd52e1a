import fc from 'fast-check';
import type { Command } from '../../shared/lane/input.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import type { Build, BuildId, DeploymentId, Person, Sha256, Version } from '../../shared/lane/words.ts';
import { commandNow } from '../../shared/wire/slack/command-now.ts';
import { ClicksLaws } from './clicks-laws.ts';
import { actorOf } from './clicks-people.ts';
import { type Altered, ClicksWorld, lane, type ClicksWorld as World } from './clicks-world.ts';

/** What happens, and three numbers that choose who, what and how. */
export type Event = readonly [what: keyof typeof weights, which: number, how: number, when: number];
export interface Walk {
  policy: number;
  events: Event[];
}

/** How often each happens. */
const weights = {
  arrive: 3,
  progress: 10,
  wait: 3,
  click: 13,
  type: 3,
  again: 2,
  rights: 2,
  file: 1,
  slack: 1,
  topic: 1,
  site: 1,
  die: 1,
} as const;
const kinds = Object.entries(weights).map(([what, weight]) => ({
  weight,
  arbitrary: fc.constant(what as keyof typeof weights),
}));
const die = fc.nat(5_039);
export const walks: fc.Arbitrary<Walk> = fc.record({
  policy: die,
  events: fc.array(fc.tuple(fc.oneof(...kinds), die, die, die), { minLength: 8, maxLength: 36, size: 'max' }),
});

const pick = <Item>(items: readonly [Item, ...Item[]], number: number): Item =>
  items[number % items.length] ?? items[0];

/** The owner's files: all name Ada, a group and a token; they differ in the rest. */
function policyBy(number: number): Policy {
  return {
    mode: 'swap',
    site: { subscriptionId: 's', resourceGroup: 'g', name: 'shop', slot: 'staging' },
    versionFrom: { path: '/version', header: 'x' },
    warmUp: { path: '/health', statuses: [200], timesInARow: 1, everyMs: 2_000, deadlineMs: 300_000 },
    checks: [{ name: 'home', path: '/', status: 200 }],
    approval: {
      required: true,
      approvers: ['Ada@shop.example', '@Release', 'release-bot', ...(number % 3 === 0 ? ['authors'] : [])],
      mayApproveOwn: number % 2 === 0,
      breakGlass: number % 5 === 0 ? [] : ['root@shop.example'],
      expiresAfterMs: 600_000,
      remindBeforeMs: number % 4 === 0 ? null : 120_000,
    },
    operators: pick([['olga@shop.example'], ['olga@shop.example', 'authors'], ['@release'], []], number),
    watch: { forMs: 30_000, everyMs: 15_000 },
    errorLimits: { newGroupReports: 5, ratio: 3, perMinute: 10 },
    rollback: { mode: pick(['ask', 'automatic'], number), askExpiresAfterMs: 300_000, holdAfter: false },
    arrivals: { mode: 'supersede' },
  };
}

/** One life of a lane: what happens, and then everything that waits, with nothing down. Throws the law that was broken. */
export async function live({ policy, events }: Walk, altered: Altered = (ports) => ports): Promise<ClicksLaws> {
  const world = new ClicksWorld(policyBy(policy), altered);
  const laws = new ClicksLaws(world);
  const life = new Life(world);
  life.happen(['arrive', policy, policy, 0]);
  await life.progress();
  for (const event of events) {
    life.happen(event);
    if (event[0] === 'progress') await life.progress();
    else if (event[3] % 2 === 0) await world.deliver();
  }
  await life.end();
  await laws.nothingIsLost();
  return laws;
}

/** What a message showed, when it did. */
interface Shown {
  deployment: DeploymentId;
  build: BuildId;
  live: BuildId;
}

class Life {
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
        return this.#arrive(which);
      case 'progress':
        return;
      case 'wait':
        world.now += pick([1_000, 30_000, 120_000, 299_000, 480_000, 600_000], which);
        return;
      case 'click':
        return this.#give(this.#buttonOn(this.#seenBy(how), which, how), how, when);
      case 'type':
        return this.#type(which, how, when);
      case 'again':
        return this.#again(which);
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
    const number = this.#builds;
    const grace: Person = { name: 'Grace', email: 'grace@shop.example' };
    const linus: Person = { name: 'Linus', email: 'linus@shop.example' };
    const ada: Person = { name: 'Ada', email: 'ada@shop.example' };
    const authors = pick<Person[]>([[grace], [linus, grace], [ada], [{ name: 'a script' }], []], which);
    const build: Build = {
      id: `build${number}` as BuildId,
      source: 'https://ci.example/shop',
      version: `1.${number}.0` as Version,
      commit: { sha: 'c0ffee' },
      commits: authors.map((author) => ({ sha: 'c0ffee', message: 'a change', author })),
      artifact: { url: `https://ci.example/${number}.zip`, sha256: String(number).padStart(64, '0') as Sha256 },
      number,
      finishedAt: new Date(world.now),
      arrivedAt: new Date(world.now),
      requestedBy: pick<Person | undefined>([linus, { name: 'cron' }, undefined, { name: 'release-bot' }], which >> 3),
      schemaChange: 'none',
    };
    world.builds.set(build.id, build);
    world.send({ id: world.newInputId(), lane, type: 'build-arrived', build }, '', world.now);
  }
}
