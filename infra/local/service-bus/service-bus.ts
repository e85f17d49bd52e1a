import type { RunningPart } from '../part.ts';
import { Front } from './amqp/front.ts';
import { type Clock, systemClock } from './broker/clock.ts';
import { Deadlines } from './broker/deadlines.ts';
import { Namespace } from './broker/namespace.ts';
import type { ServiceBusConfig } from './configuration.ts';
import { Journal } from './journal/journal.ts';

export interface ServiceBusAddresses {
  port: number;
  /** What `new ServiceBusClient(…)` takes. */
  connectionString: string;
}

/** What tests may replace. */
export interface ServiceBusSurroundings {
  clock?: Clock;
  /** The journal is rewritten each time it has grown by this much. */
  journalGrowthBytes?: number;
}

/**
 * Starts a Service Bus broker on 127.0.0.1, with what its folder holds from earlier runs.
 * @throws EADDRINUSE; an error that says so when the journal is damaged or an entity is declared twice
 */
export async function startServiceBus(
  config: ServiceBusConfig,
  { clock = systemClock, journalGrowthBytes }: ServiceBusSurroundings = {},
): Promise<RunningPart<ServiceBusAddresses>> {
  const deadlines = new Deadlines(clock);
  const journal = new Journal({
    folder: config.dataDir,
    snapshot: () => namespace.snapshot(),
    failed: (error) => {
      // Nothing could be promised any more; a broker that is away is something clients know how to handle.
      console.error('service-bus: cannot write to disk, closing:', error.message);
      deadlines.close();
      void front.close();
    },
    ...(journalGrowthBytes === undefined ? {} : { growthBytes: journalGrowthBytes }),
  });
  const namespace = new Namespace(config.entities, { deadlines, log: journal });
  const front = new Front({ namespace, deadlines, key: { name: config.keyName, key: config.key } });

  // The port comes first: whoever holds it also holds the folder, whose journal the next lines replace.
  const port = await front.listen(config.port);
  try {
    await journal.replay((operation) => namespace.restore(operation));
    await journal.start();
  } catch (error) {
    await front.close();
    throw error;
  }
  namespace.open();
  front.open();
  const { keyName, key } = config;
  return {
    addresses: {
      port,
      connectionString: `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=${keyName};SharedAccessKey=${key};UseDevelopmentEmulator=true`,
    },
    async close() {
      await front.close();
      deadlines.close();
      await journal.close();
    },
  };
}
