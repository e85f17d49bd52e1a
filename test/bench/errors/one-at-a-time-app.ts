import { randomUUID } from 'node:crypto';
import { RestError, TableClient } from '@azure/data-tables';
import { app } from '@azure/functions';
import { fingerprintOf } from '../../../shared/correlation/fingerprint.ts';
import type { ErrorReport } from '../../../shared/correlation/words.ts';
import { decodeErrorMessage } from '../../../shared/wire/errors/warmswap.ts';

/**
 * The peer: the layout a first design would have, one report at a time. Each report is inserted, the markers of its app are listed, the
 * counter of its group is read and written under its ETag, and a link from the marker to the report is inserted. It reads the messages
 * and makes the fingerprints with the same code, so that only the layout differs.
 */
const connection = process.env.Storage ?? '';
const table = (name: string): TableClient =>
  TableClient.fromConnectionString(connection, name, { allowInsecureConnection: true });
const errors = table('PeerErrors');
const markers = table('PeerMarkers');
const groups = table('PeerGroups');
const links = table('PeerLinks');

const isStatus = (error: unknown, status: number): boolean => error instanceof RestError && error.statusCode === status;

/** Again and again until no other report came in between. */
async function count(partitionKey: string, rowKey: string): Promise<void> {
  for (;;) {
    try {
      const group = await groups.getEntity<{ count: number }>(partitionKey, rowKey);
      const next = { partitionKey, rowKey, count: group.count + 1, lastAt: new Date() };
      await groups.updateEntity(next, 'Merge', { etag: group.etag });
      return;
    } catch (error) {
      if (isStatus(error, 412)) continue;
      if (!isStatus(error, 404)) throw error;
    }
    try {
      await groups.createEntity({ partitionKey, rowKey, count: 1, lastAt: new Date() });
      return;
    } catch (error) {
      if (!isStatus(error, 409)) throw error;
    }
  }
}

async function markerAt(partitionKey: string, at: Date): Promise<string> {
  let found = 'none';
  const filter = `PartitionKey eq '${partitionKey}'`;
  for await (const marker of markers.listEntities<{ liveAt: Date }>({ queryOptions: { filter } }))
    if (marker.liveAt <= at) found = String(marker.rowKey);
  return found;
}

async function take(report: ErrorReport): Promise<void> {
  const partitionKey = `${report.app}@${report.environment}`;
  const rowKey = randomUUID();
  const fingerprint = fingerprintOf(report);
  const { exceptions, ...rest } = report;
  await errors.createEntity({
    partitionKey,
    rowKey,
    fingerprint,
    report: JSON.stringify({ ...rest, exceptions }).slice(0, 30_000),
  });
  const marker = await markerAt(partitionKey, report.occurredAt);
  await count(partitionKey, fingerprint);
  await links.createEntity({ partitionKey: `${partitionKey}|${marker}`, rowKey, fingerprint });
}

app.serviceBusQueue('one-at-a-time', {
  connection: 'ServiceBus',
  queueName: 'error-reports',
  handler: async (message: unknown) => {
    for (const read of decodeErrorMessage(message)) {
      if (!read.ok) throw new Error(read.why);
      for (const report of read.value.reports) await take(report);
    }
  },
});
