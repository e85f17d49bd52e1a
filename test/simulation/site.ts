import type { Core } from './core.ts';
import type { Traits } from './scenario.ts';
import { Shown } from './shown.ts';

/** What lies in a slot. */
export interface Content {
  /** Kudu's id of the deployment that put it there; it lies with the content and moves with it. */
  kudu: string;
  version: string;
  /** The app setting that names the version: it moves with the slot's settings, and a publish by hand does not touch it. */
  label: string;
  by: 'before' | 'us' | 'person';
  build: number | null;
  traits: Traits;
  /** The owner's checks were answered well in staging. */
  verified: boolean;
  /** From when on it misbehaves in production. */
  badFrom: number | null;
}

export interface Operation {
  id: string;
  kind: 'swap' | 'publish';
  /** Null: a person's. */
  intent: string | null;
  state: 'hidden' | 'running' | 'ended';
  well: boolean;
  because: string;
}

/** Told when the truth changes. */
export interface Witness {
  swapped(operation: Operation, before: Content, after: Content): void;
}

/** One site with two slots, as it truly is: one operation at a time, and a swap exchanges what the slots hold. */
export class Site {
  readonly core: Core;
  readonly production: Shown<Content>;
  readonly staging: Shown<Content>;
  readonly stamp = new Shown<string | null>(null);
  /** Completed swaps. */
  swaps = 0;
  /** Acts by hand; a swap counts when it begins and when it takes effect. */
  acts = 0;
  operation: Operation | null = null;
  target: string | null = null;
  /** Production's, which is as the owner wants it. */
  readonly ping: Ping;
  /** All app settings of staging. */
  settings: Record<string, string>;
  readonly operations = new Map<string, Operation>();
  readonly published = new Map<string, { operation: Operation; kudu: string; version: string }>();
  readonly #witness: Witness;
  /** Told when an operation begins and when it ends. */
  onChange: (operation: Operation) => void = () => {};

  constructor(
    core: Core,
    witness: Witness,
    production: Content,
    staging: Content,
    ping: Ping,
    settings: Record<string, string>,
  ) {
    this.core = core;
    this.#witness = witness;
    this.production = new Shown(production);
    this.staging = new Shown(staging);
    this.ping = ping;
    this.settings = settings;
  }

  /** Null: accepted. Otherwise the refusal. */
  busy(): string | null {
    return this.operation === null ? null : `409 Conflict: ${this.operation.kind} ${this.operation.id} is in progress`;
  }

  stagingPing(): Ping {
    return {
      path: this.settings.WEBSITE_SWAP_WARMUP_PING_PATH ?? null,
      statuses: this.settings.WEBSITE_SWAP_WARMUP_PING_STATUSES ?? null,
    };
  }

  /** A PUT of settings replaces all of them: what is not sent along is lost. */
  replaceSettings(settings: Record<string, string>): void {
    const lost = Object.keys(this.settings).filter((name) => !(name in settings));
    if (lost.length > 0) this.core.broken('no setting is lost', lost.join(', '));
    this.settings = settings;
  }

  startSwap(intent: string | null): Operation {
    const operation = this.#begin('swap', intent);
    const { dice, faults } = this.core;
    const fails = this.staging.value.traits.breaksInSwap || (intent !== null && faults.strikes('warm-up', 0.25));
    this.#later(
      operation,
      faults.strikes('slow', 0.3) ? dice.between(210_000, 900_000) : dice.between(4_000, 40_000),
      () => {
        if (!fails) return this.#exchange(operation);
        operation.because = '417 ExpectationFailed: the slot did not respond to http ping';
        if (faults.has('warm-up') && dice.chance(0.4)) this.target = 'production';
      },
    );
    return operation;
  }

  startPublish(intent: string, content: Omit<Content, 'kudu'>): Operation {
    const operation = this.#begin('publish', intent);
    const kudu = `k-${intent}`;
    const fails = this.core.faults.strikes('warm-up', 0.1);
    this.published.set(intent, { operation, kudu, version: content.version });
    this.#later(operation, this.core.dice.between(2_000, 30_000), () => {
      if (fails) operation.because = 'the deployment failed';
      else this.#publish({ ...content, kudu }, operation);
    });
    return operation;
  }

  /** A person deploys to staging: the new content is there at once. */
  deployByHand(content: Content): void {
    this.acts += 1;
    this.core.say('person', `deploys ${content.version} to staging`);
    this.staging.change({ ...content, label: this.staging.value.label }, this.#lagUntil(), this.acts - 1);
  }

  #publish(content: Content, operation: Operation): void {
    operation.well = true;
    this.staging.change(content, this.#lagUntil(), this.acts);
    this.core.say('site', `staging now holds ${content.version} (${content.kudu})`);
  }

  #begin(kind: Operation['kind'], intent: string | null): Operation {
    const operation: Operation = {
      id: `${kind}-${this.operations.size + 1}`,
      kind,
      intent,
      state: 'hidden',
      well: false,
      because: 'Succeeded',
    };
    this.operations.set(operation.id, operation);
    this.operation = operation;
    this.core.say('site', `accepts ${operation.id} (${intent ?? 'by hand'})`);
    if (kind === 'swap') this.onChange(operation);
    return operation;
  }

  #later(operation: Operation, ms: number, end: () => void): void {
    const { time, dice, faults } = this.core;
    const hiddenMs = faults.strikes('hidden', 0.5) ? dice.between(500, 60_000) : 0;
    const show = (): void => {
      operation.state = 'running';
    };
    if (hiddenMs === 0) show();
    else time.at(time.now() + hiddenMs, show);
    time.at(time.now() + hiddenMs + ms, () => {
      end();
      operation.state = 'ended';
      this.operation = null;
      this.core.say('site', `${operation.id} ended: ${operation.well ? 'well' : operation.because}`);
      if (operation.kind === 'swap') this.onChange(operation);
    });
  }

  #exchange(operation: Operation): void {
    const before = this.production.value;
    const after = this.staging.value;
    const acts = this.acts;
    if (operation.intent === null) this.acts += 1;
    operation.well = true;
    this.swaps += 1;
    this.target = null;
    this.production.change(after, this.#lagUntil(), acts);
    this.staging.change(before, this.#lagUntil(), acts);
    this.stamp.change(new Date(this.core.time.now()).toISOString(), this.#lagUntil(), acts);
    if (after.traits.badLive) after.badFrom = this.core.time.now() + this.core.dice.between(0, 40_000);
    this.core.say('site', `production now holds ${after.version} (${after.kudu})`);
    this.#witness.swapped(operation, before, after);
  }

  /** Shorter than two looks are apart, whatever the clocks of those who look. */
  #lagUntil(): number {
    const { time, dice, faults } = this.core;
    return faults.strikes('lag', 0.7) ? time.now() + dice.between(500, 8_000) : 0;
  }
}

export interface Ping {
  path: string | null;
  statuses: string | null;
}
