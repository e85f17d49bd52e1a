import type { Sent } from '../../shared/ports.ts';
import type { Core, Worker } from './core.ts';

/** Told of every request of an act, in the moment it leaves. */
export type Posted = (kind: string, intent: string) => void;

/** After this, a request that was under way is not taken any more: what the quiet period counts on. */
const lingersMs = 60_000;

/** The way of a request of an act to ARM or Kudu: it may be lost, or its answer, or it is taken long after its sender gave up. */
export class Network {
  readonly #core: Core;
  readonly #underWay = new Map<string, number>();
  readonly #posted: Posted;

  constructor(core: Core, posted: Posted) {
    this.#core = core;
    this.#posted = posted;
  }

  isUnderWay(intent: string): boolean {
    return (this.#underWay.get(intent) ?? 0) > 0;
  }

  get quiet(): boolean {
    return [...this.#underWay.values()].every((count) => count === 0);
  }

  /** Leaves in this very tick. */
  async send(worker: Worker, kind: string, intent: string, deadlineMs: number, arrive: () => Sent): Promise<Sent> {
    const { dice, faults, time } = this.#core;
    this.#core.say(worker.name, `sends ${kind} ${intent}`);
    this.#posted(kind, intent);
    const fate = faults.strikes('unknown', 0.3)
      ? dice.pick(['lost', 'answer lost', 'lingers', 'lingers'])
      : faults.strikes('refused', 0.2)
        ? 'refused'
        : 'plain';
    const takesMs = dice.between(5, 400);
    let answer: Sent | null = null;
    const arriveAfter = (ms: number): void => {
      this.#count(intent, 1);
      time.at(time.now() + ms, () => {
        this.#count(intent, -1);
        answer = arrive();
      });
    };
    const unknown: Sent = { end: 'unknown', because: 'the connection was reset' };
    switch (fate) {
      case 'plain':
        arriveAfter(takesMs);
        await this.#core.wait(worker, `is answered ${intent}`, takesMs * 2);
        return answer ?? unknown;
      case 'refused': {
        const retryAt = dice.chance(0.5) ? new Date(time.now() + dice.between(1_000, 40_000)) : undefined;
        await this.#core.wait(worker, `is refused ${intent}`, takesMs);
        return { end: 'refused', because: '429 TooManyRequests', retryAt };
      }
      case 'answer lost':
        arriveAfter(takesMs);
        break;
      case 'lingers':
        arriveAfter(deadlineMs + dice.between(0, lingersMs));
        break;
      default:
        break;
    }
    this.#core.say('network', `${fate}: ${intent}`);
    await this.#core.wait(worker, `gives up on ${intent}`, dice.pick([takesMs * 2, deadlineMs]));
    return unknown;
  }

  #count(intent: string, by: number): void {
    this.#underWay.set(intent, (this.#underWay.get(intent) ?? 0) + by);
  }
}
