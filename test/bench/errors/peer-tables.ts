import { TableClient, TableServiceClient } from '@azure/data-tables';
import { laneOf } from '../apps-file.ts';
import { APPS } from './reports.ts';

/** What one-at-a-time-app.ts keeps. */
const PEER_TABLES = ['PeerErrors', 'PeerMarkers', 'PeerGroups', 'PeerLinks'];
const MARKERS = 40;
const DAY = 24 * 60 * 60_000;

/** Makes the peer's tables, with as many markers of each app as some months of deployments leave. */
export async function declarePeer(connectionString: string): Promise<void> {
  const service = TableServiceClient.fromConnectionString(connectionString, { allowInsecureConnection: true });
  for (const name of PEER_TABLES) await service.createTable(name);
  const markers = TableClient.fromConnectionString(connectionString, 'PeerMarkers', { allowInsecureConnection: true });
  for (let app = 0; app < APPS; app += 1)
    await markers.submitTransaction(
      Array.from({ length: MARKERS }, (_, index) => [
        'create',
        {
          partitionKey: laneOf(app),
          rowKey: String(index).padStart(6, '0'),
          liveAt: new Date(Date.now() - (MARKERS - index) * DAY),
        },
      ]),
    );
}

/** How many reports the peer has counted. */
export async function countedByPeer(connectionString: string): Promise<number> {
  const groups = TableClient.fromConnectionString(connectionString, 'PeerGroups', { allowInsecureConnection: true });
  let sum = 0;
  for await (const group of groups.listEntities<{ count: number }>()) sum += group.count;
  return sum;
}
