import frames from 'rhea/lib/frames.js';
import type { Queue } from '../broker/queue.ts';
import { asServiceBusError, messageLockLost, notImplemented } from '../service-bus-error.ts';
import { accepted, type Outcome, readOutcome, rejected } from './outcome.ts';
import type { AmqpSession, Disposition } from './rhea-internals.ts';

/** Which lock a delivery stands for. */
interface Claim {
  queue: Queue;
  token: string;
}

/** A receiver cannot have more deliveries open than rhea's ring has slots. */
const mostOpenDeliveries = 2048;

/**
 * How receivers settle. In place of rhea's own handling, which merges neighbouring settlements without comparing their
 * outcomes: each delivery is settled by its own outcome and answered when that is on disk.
 */
export class Dispositions {
  readonly #session: AmqpSession;
  readonly #claims = new Map<number, Claim>();

  constructor(session: AmqpSession) {
    this.#session = session;
    const others = session.on_disposition.bind(session);
    session.on_disposition = (frame) => {
      if (frame.performative.role) this.#receive(frame.performative);
      else others(frame);
    };
  }

  expect(deliveryId: number, claim: Claim): void {
    this.#claims.set(deliveryId, claim);
  }

  #receive({ first, last, state, settled }: Disposition): void {
    const outcome = readOutcome(state);
    const end = Math.min(last ?? first, first + mostOpenDeliveries);
    const settling: Promise<object>[] = [];
    for (let id = first; id <= end; id += 1) settling.push(this.#settle(id, outcome));
    // Resolves always: each settlement turns its failure into an answer.
    void Promise.all(settling).then((states) => {
      if (settled !== true && this.#session.is_open()) this.#answer(first, states);
    });
  }

  /** The state to answer with. Always one: a client that gets none waits until its own time is out. */
  async #settle(deliveryId: number, outcome: Outcome): Promise<object> {
    const claim = this.#claims.get(deliveryId);
    try {
      if (claim === undefined) throw messageLockLost();
      await settle(claim, outcome);
      return accepted();
    } catch (error) {
      return rejected(asServiceBusError(error));
    } finally {
      if (outcome.kind !== 'defer') this.#claims.delete(deliveryId);
    }
  }

  #answer(first: number, states: object[]): void {
    for (const [offset, state] of states.entries()) {
      const id = first + offset;
      this.#session.output(frames.disposition({ role: false, first: id, last: id, settled: true, state }));
    }
  }
}

function settle({ queue, token }: Claim, outcome: Outcome): Promise<void> {
  switch (outcome.kind) {
    case 'complete':
      return queue.settlement.complete(token);
    case 'abandon':
      return queue.settlement.abandon(token, outcome.changes);
    case 'release':
      return queue.settlement.release(token);
    case 'dead-letter':
      return queue.settlement.deadLetter(token, outcome.reason, outcome.description, outcome.changes);
    case 'defer':
      throw notImplemented('deferring messages');
  }
}
