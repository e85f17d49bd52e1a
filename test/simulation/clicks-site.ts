import type { Look, SlotLook } from '../../shared/lane/look.ts';
import type { Identity } from '../../shared/lane/words.ts';
import type { SitePort } from '../../shared/ports.ts';

/** A site that does at once what it is asked, or refuses. */
export class ClicksSite {
  production: Identity = { kudu: 'k-before', version: '0.9.0' };
  staging: Identity = { kudu: 'k-older', version: '0.8.0' };
  /** ARM says 409 to swaps. */
  refuses = false;
  /** Production answers the owner's checks with 500. */
  isBad = false;
  /** Told of each swap before it happens. */
  swapping: (incoming: string | null) => void = () => {};
  readonly #now: () => Date;
  readonly #versionAt: (packageUrl: string) => string;
  readonly #published = new Map<string, string>();
  #swaps = 0;

  constructor(now: () => Date, versionAt: (packageUrl: string) => string) {
    this.#now = now;
    this.#versionAt = versionAt;
  }

  readonly port: SitePort = {
    look: async (_site, { intent }) => this.#look(intent),
    sendSwap: async () => {
      if (this.refuses) return { end: 'refused', because: '409' };
      this.swapping(this.staging.version);
      [this.production, this.staging] = [this.staging, this.production];
      this.#swaps += 1;
      return { end: 'done', value: { token: null, complete: true } };
    },
    sendPublish: async (_site, intent, packageUrl) => {
      this.staging = { kudu: `k-${intent}`, version: this.#versionAt(packageUrl) };
      this.#published.set(intent, `k-${intent}`);
      return { end: 'done', value: { token: null, complete: true } };
    },
    sendSettings: async () => ({ end: 'done', value: { token: null, complete: true } }),
    settings: async () => ({}),
    sendReset: async () => ({ end: 'done', value: { token: null, complete: true } }),
    pollSwap: async () => ({ state: 'ended', well: true, because: '200' }),
    pollPublish: async () => ({ state: 'ended', well: true, because: '200' }),
    ask: async (_site, slot, { path }) => {
      const status = slot === 'production' && path === '/' && this.isBad ? 500 : 200;
      return { answered: true, status, headers: {}, body: '', latencyMs: 9 };
    },
    identity: async (_site, slot) => ({ identity: this[slot], answers: true }),
    address: async (_site, slot) => `https://${slot}.example`,
  };

  #look(intent: string | null): Look {
    const slot = (identity: Identity): SlotLook => ({ identity, answers: true });
    const ping = { path: '/health', statuses: '200' };
    const kudu = intent === null ? undefined : this.#published.get(intent);
    return {
      began: this.#now(),
      at: this.#now(),
      production: slot(this.production),
      staging: slot(this.staging),
      stamp: this.#swaps === 0 ? null : `swap ${this.#swaps}`,
      operation: null,
      targetSwapSlot: null,
      freshAnswers: [this.production.version],
      rampUpPercent: 0,
      autoSwapSlot: null,
      warmUpPing: { production: ping, staging: ping },
      published:
        intent === null
          ? null
          : kudu === undefined
            ? { state: 'none' }
            : { state: 'complete', kudu, active: this.staging.kudu === kudu },
    };
  }
}
