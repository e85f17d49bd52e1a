import type { TokenCredential } from '@azure/identity';
import type { Ports } from '../../ports.ts';
import { openTables, type TablesConnection } from './connect.ts';
import { deadLetterStore } from './dead-letter-store.ts';
import { errorStore } from './error-store.ts';
import { laneStore } from './lane-store.ts';
import { markerStore } from './marker-store.ts';
import { noticeStore } from './notice-store.ts';

/** Everything kept in Table Storage. `credential` is asked for where the connection is an endpoint. */
export function tableStores(connection: TablesConnection, credential: () => TokenCredential, now: () => Date) {
  const tables = openTables(connection, credential);
  return {
    lanes: laneStore(tables('Lanes')),
    notices: noticeStore(tables('Lanes')),
    markers: markerStore(tables('Markers')),
    errors: errorStore({ deltas: tables('ErrorDeltas'), groups: tables('ErrorGroups') }, now),
    deadLetters: deadLetterStore(tables('DeadLetters')),
  } satisfies Partial<Ports>;
}
