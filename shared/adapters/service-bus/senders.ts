import type { TokenCredential } from '@azure/identity';
import type { Ports } from '../../ports.ts';
import { type BusConnection, openBus } from './bus.ts';
import { errorReportOutbox, eventOutbox, inbox, packageOrders } from './outboxes.ts';
import { replayer } from './replayer.ts';

/** Everything sent by Service Bus, over one client. `credential` is asked for where the connection is a namespace. */
export function busSenders(connection: BusConnection, credential: () => TokenCredential) {
  const bus = openBus(connection, credential);
  return {
    inbox: inbox(bus),
    packageOrders: packageOrders(bus),
    errorReports: errorReportOutbox(bus),
    events: eventOutbox(bus),
    replayer: replayer(bus),
    close: () => bus.close(),
  } satisfies Partial<Ports> & { close(): Promise<void> };
}
