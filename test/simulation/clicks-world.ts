import type { Effect } from '../../shared/lane/effect.ts';
import type { Input } from '../../shared/lane/input.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import type { OutgoingEvent } from '../../shared/lane/outgoing.ts';
import type { Policy } from '../../shared/lane/policy.ts';
import { type Build, type InputId, laneId } from '../../shared/lane/words.ts';
import { LostRace, type Ports, Unavailable } from '../../shared/ports.ts';
import { type Received, receive } from '../../shared/use-cases/receive.ts';
import { AZURE } from '../../shared/wire/durations.ts';
import { noScope } from '../ports/no-scope.ts';
import { ClicksLanes, Died } from './clicks-lanes.ts';
import { newPeople, type Somebody, slackSays } from './clicks-people.ts';
import { ClicksSite } from './clicks-site.ts';

export const lane = laneId('shop', 'production');

interface Message {
  input: Input;
  attempt: number;
  at: number;
}

/** What a planted fault may put in the place of a port. */
export type Altered = (ports: Ports, world: ClicksWorld) => Ports;

/** One lane with its door, a site, and people whose rights change. Time stands still while an input is received. */
export class ClicksWorld {
  now = Date.UTC(2026, 2, 2, 10);
  policy: Policy;
  readonly people: Somebody[] = newPeople();
  readonly lanes = new ClicksLanes();
  readonly site: ClicksSite;
  readonly builds = new Map<string, Build>();
  /** Every input that was ever sent, by its id. */
  readonly inputs = new Map<string, Input>();
  /** Who gave a command. */
  readonly gave = new Map<InputId, Somebody>();
  /** The ids of the events that tell an asker, by input. */
  readonly answers = new Map<string, Set<string>>();
  /** What was told to the topic. */
  readonly published: OutgoingEvent[] = [];
  slackIsDown = false;
  topicIsDown = false;
  readonly received: Received[] = [];
  readonly #ports: Ports;
  readonly #sent = new Set<string>();
  #waiting: Message[] = [];
  #fresh = 0;

  constructor(policy: Policy, altered: Altered) {
    this.policy = policy;
    this.site = new ClicksSite(
      () => new Date(this.now),
      (url) => [...this.builds.values()].find(({ artifact }) => url.includes(artifact.sha256))?.version ?? 'unknown',
    );
    this.#ports = altered(this.#plainPorts(), this);
  }

  get lane(): Lane | null {
    return this.lanes.stored?.lane ?? null;
  }

  send(input: Input, purpose: string, at: number, attempt = 1): void {
    const id = `${input.id}${purpose}`;
    if (this.#sent.has(id)) return;
    this.#sent.add(id);
    this.inputs.set(input.id, input);
    this.#waiting.push({ input, attempt, at });
  }

  /** When the next message may be received; null: there is none. */
  get next(): number | null {
    return this.#waiting.length === 0 ? null : Math.min(...this.#waiting.map(({ at }) => at));
  }

  /** Of those that wait, not counting the clock. */
  get words(): number {
    return this.#waiting.filter(({ input }) => input.type !== 'wake').length;
  }

  /** Receives the first message that is due. Whoever dies over it, or loses a race, leaves it to be received again. */
  async deliver(): Promise<void> {
    const message = this.#waiting.find(({ at }) => at <= this.now);
    if (message === undefined) return;
    this.#waiting = this.#waiting.filter((other) => other !== message);
    try {
      this.received.push(await receive(this.#ports, message.input, message.attempt));
    } catch (error) {
      if (!(error instanceof Died || error instanceof LostRace)) throw error;
      this.#waiting.unshift(message);
    }
  }

  #plainPorts(): Ports {
    const now = (): Date => new Date(this.now);
    return {
      now,
      monotonic: () => this.now,
      newId: () => this.#id(),
      timing: AZURE,
      stopped: false,
      apps: { policy: () => this.policy, lanes: () => [lane], defaultEnvironment: () => 'production' },
      lanes: this.lanes.port,
      inbox: {
        send: async (input, { purpose, at, attempt }) => this.send(input, purpose, at?.getTime() ?? this.now, attempt),
      },
      packageOrders: {
        order: async ({ deployment, sha256, attempt }) =>
          this.send({ id: this.newInputId(), lane, type: 'package-copied', deployment, sha256, attempt }, '', this.now),
      },
      errorReports: { send: async () => undefined },
      events: {
        publish: async (event) => {
          if (this.topicIsDown) throw new Unavailable('the topic is down');
          const { id, type, subject } = event;
          this.published.push(event);
          if (type !== 'io.warmswap.input.answered') return;
          this.answers.set(subject, (this.answers.get(subject) ?? new Set()).add(id));
        },
      },
      site: this.site.port,
      packages: {
        copy: async () => ({ copied: true, size: 1 }),
        has: async () => true,
        readUrl: async (sha256) => `https://packages.example/${sha256}.zip`,
      },
      markers: {
        put: async () => undefined,
        get: async () => null,
        list: async () => [],
        inForceAt: async () => null,
      },
      errors: {
        append: async () => undefined,
        deltas: async () => [],
        sums: async () => [],
        groups: async () => [],
        group: async () => null,
        saveGroups: async () => undefined,
        compact: async () => ({ deleted: 0 }),
        lanesWithDeltas: async () => [],
      },
      deadLetters: {
        put: async () => undefined,
        get: async () => null,
        list: async () => [],
        countReplay: async () => 1,
      },
      replayer: { replay: async () => undefined },
      notices: { get: async () => null, save: async () => '' },
      messenger: null,
      responder: { respond: async () => ({ posted: true }) },
      people: {
        about: async (slackId, question) => {
          if (this.slackIsDown) throw new Unavailable('Slack is down');
          const somebody = this.people.find((other) => other.slackId === slackId);
          return somebody === undefined ? { email: null, groups: [], isAuthor: null } : slackSays(somebody, question);
        },
      },
      log: { info: () => undefined, error: () => undefined },
      scope: noScope,
    };
  }

  newInputId(): InputId {
    return `${lane}~${this.#id()}` as InputId;
  }

  #id(): string {
    this.#fresh += 1;
    return String(this.#fresh).padStart(8, '0');
  }
}

export const repliesIn = (effects: { effect: Effect }[], input: InputId): number =>
  effects.filter(({ effect }) => effect.type === 'reply' && effect.input === input).length;
