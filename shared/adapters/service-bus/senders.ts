import type { TokenCredential } from '@azure/identity';
import type { Ports } from '../../ports.ts';
import type { Trace } from '../../trace.ts';
import { type BusConnection, openBus } from './bus.ts';
import { errorReportOutbox, eventOutbox, inbox, packageOrders } from './outboxes.ts';
import { replayer } from './replayer.ts';

/** Everything sent by Service Bus, over one client. `credential` is asked for where the connection is a namespace; `trace`: what is continued. */
export function busSenders(connection: BusConnection, credential: () => TokenCredential, trace: () => Trace | null) {
  const bus = openBus(connection, credential, trace);
  return {
    inbox: inbox(bus),
    packageOrders: packageOrders(bus),
    errorReports: errorReportOutbox(bus, trace),
    events: eventOutbox(bus, trace),
    replayer: replayer(bus),
    close: () => bus.close(),
  } satisfies Partial<Ports> & { close(): Promise<void> };
}
