import { entityName, type Listener, type Listening, openReceiver, processOne, settlementOf } from './listener.ts';

/**
 * Listens on a queue or subscription without sessions, one message an invocation, at most `maxConcurrentCalls` at a time.
 * The client renews each lock while the function runs and brings the link back by itself when the broker was away.
 */
export function listenSingle(listening: Listening): Listener {
  const { fn, log, options } = listening;
  const receiver = openReceiver(listening, options.maxAutoLockRenewalMs);
  const settlement = settlementOf(listening, receiver);
  const inHand = new Set<Promise<void>>();
  let told = '';
  const subscription = receiver.subscribe(
    {
      async processMessage(message) {
        const work = processOne(listening, settlement, message);
        inHand.add(work);
        await work.finally(() => inHand.delete(work));
        told = '';
      },
      async processError({ error, errorSource }) {
        const text = `${entityName(fn)}: ${errorSource}: ${error.message}`;
        // While a broker is away this comes again and again; once is enough.
        if (text !== told) log({ level: 'warning', function: fn.name, message: text });
        told = text;
      },
    },
    { autoCompleteMessages: false, maxConcurrentCalls: options.maxConcurrentCalls },
  );
  return {
    async stop() {
      await subscription.close().catch(() => undefined);
      await Promise.allSettled(inHand);
      await receiver.close().catch(() => undefined);
    },
  };
}
