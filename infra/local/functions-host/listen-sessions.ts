import { setMaxListeners } from 'node:events';
import type { ServiceBusSessionReceiver } from '@azure/service-bus';
import {
  entityName,
  type Listener,
  type Listening,
  pause,
  processBatch,
  processOne,
  receiveOptions,
  settlementOf,
} from './listener.ts';
import type { Settlement } from './settlement.ts';

/** How many "accept the next session" may wait at the broker at once while sessions are being found. */
const maxAccepting = 4;

/**
 * Listens on a queue or subscription with sessions: at most `maxConcurrentSessions` sessions at a time, each held until it
 * was empty for `sessionIdleTimeout`. Instead of one hot loop a session place, one long poll waits at the broker; each
 * session found starts up to two more, so that many sessions are taken quickly and an idle queue costs one poll.
 */
export function listenSessions(listening: Listening): Listener {
  const { fn, log, options } = listening;
  const stopping = new AbortController();
  // Every session that is held listens on it.
  setMaxListeners(0, stopping.signal);
  const held = new Set<Promise<void>>();
  // The extension handles batches of sessions one invocation at a time.
  const places = fn.batch ? 1 : options.maxConcurrentSessions;
  let accepting = 0;
  let failures = 0;

  const acceptMore = (wanted: number): void => {
    while (!stopping.signal.aborted && accepting < wanted && accepting + held.size < places) {
      accepting += 1;
      void acceptOne();
    }
  };
  const acceptOne = async (): Promise<void> => {
    let found = false;
    try {
      const receiver = await accept(listening);
      found = true;
      failures = 0;
      const work = holdSession(listening, receiver, stopping.signal);
      held.add(work);
      void work.finally(() => {
        held.delete(work);
        acceptMore(1);
      });
    } catch (error) {
      if (!isNothingFound(error)) {
        failures += 1;
        const told = error instanceof Error ? error.message : String(error);
        if (failures === 1 && !stopping.signal.aborted) {
          log({ level: 'warning', function: fn.name, message: `${entityName(fn)}: accept session: ${told}` });
        }
        await pause(Math.min(250 * failures, 2_000), stopping.signal);
      }
    } finally {
      accepting -= 1;
    }
    acceptMore(found ? Math.min(accepting + 2, maxAccepting) : 1);
  };

  acceptMore(1);
  return {
    async stop() {
      stopping.abort();
      // A waiting accept cannot be called back; what it may still find is closed at once by holdSession.
      await Promise.allSettled(held);
    },
  };
}

function accept({ fn, client, options }: Listening): Promise<ServiceBusSessionReceiver> {
  const wanted = {
    receiveMode: 'peekLock',
    skipParsingBodyAsJson: true,
    maxAutoLockRenewalDurationInMs: options.maxAutoLockRenewalMs,
  } as const;
  const { entity } = fn;
  return 'queue' in entity
    ? client.acceptNextSession(entity.queue, wanted)
    : client.acceptNextSession(entity.topic, entity.subscription, wanted);
}

/** The broker's "no session in time" and the client's own end of waiting are the normal end of a poll. */
function isNothingFound(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'ServiceTimeout' || code === 'OperationTimeoutError';
}

/** Handles one session's messages in order until it is idle, lost, or the host stops. Never rejects. */
async function holdSession(
  listening: Listening,
  receiver: ServiceBusSessionReceiver,
  stopping: AbortSignal,
): Promise<void> {
  const { fn, log, options } = listening;
  const settlement = settlementOf(listening, receiver);
  // The client renews a session's lock for this long in all, counted from the accept: a busy session is given back in good
  // time. Without renewal it is held until its lock is lost.
  const { maxAutoLockRenewalMs } = options;
  const until = maxAutoLockRenewalMs > 0 ? Date.now() + maxAutoLockRenewalMs / 2 : Number.POSITIVE_INFINITY;
  try {
    while (!stopping.aborted && !receiver.isClosed && Date.now() < until) {
      const handled = await handleNext(listening, receiver, settlement, stopping);
      if (!handled) break;
    }
  } catch (error) {
    if (!stopping.aborted) {
      const told = error instanceof Error ? error.message : String(error);
      log({ level: 'warning', function: fn.name, message: `session ${receiver.sessionId}: ${told}` });
      await pause(250, stopping);
    }
  }
  await receiver.close().catch(() => undefined);
}

async function handleNext(
  listening: Listening,
  receiver: ServiceBusSessionReceiver,
  settlement: Settlement,
  stopping: AbortSignal,
): Promise<boolean> {
  const { fn, options } = listening;
  const count = fn.batch ? options.maxMessageBatchSize : options.maxConcurrentCallsPerSession;
  const waiting = { ...receiveOptions(options.sessionIdleTimeoutMs), abortSignal: stopping };
  const messages = await receiver.receiveMessages(count, waiting);
  if (messages.length === 0) return false;
  if (fn.batch) await processBatch(listening, settlement, messages);
  else await Promise.all(messages.map((message) => processOne(listening, settlement, message)));
  return true;
}
