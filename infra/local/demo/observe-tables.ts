import { TableClient } from '@azure/data-tables';
import { fromRow, type Row } from '../../../shared/adapters/tables/row.ts';
import type { BuildRow, Seen } from '../../../shared/lane/effect.ts';
import type { DeploymentRecord, Lane } from '../../../shared/lane/lane.ts';
import type { LaneId, Marker } from '../../../shared/lane/words.ts';
import type { ErrorGroup } from '../../../shared/ports.ts';

/** What the service wrote about a lane, read from the tables themselves. */
export interface TablesView {
  lane(): Promise<Lane>;
  /** Newest first. */
  deployments(): Promise<DeploymentRecord[]>;
  builds(): Promise<BuildRow[]>;
  inputs(): Promise<Seen[]>;
  /** Newest first. */
  markers(): Promise<Marker[]>;
  errorGroups(): Promise<ErrorGroup[]>;
}

/** Keys of the lane's partition begin with the kind of the row; a lane's name needs no escape. */
export function readTables(connectionString: string, lane: LaneId): TablesView {
  const open = (name: string): TableClient =>
    TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });
  const [lanes, markers, groups] = [open('Lanes'), open('Markers'), open('ErrorGroups')];
  const rows = async <Content>(table: TableClient, from: string, to: string): Promise<Content[]> => {
    const filter = `PartitionKey eq '${lane}' and RowKey ge '${from}' and RowKey lt '${to}'`;
    const found: Content[] = [];
    for await (const row of table.listEntities({ queryOptions: { filter } })) found.push(fromRow<Content>(row as Row));
    return found;
  };
  /** All rows whose key begins with the word and an exclamation mark, which sorts just before a quotation mark. */
  const kind = <Content>(word: string): Promise<Content[]> => rows<Content>(lanes, `${word}!`, `${word}"`);
  return {
    lane: async () => fromRow<Lane>((await lanes.getEntity(lane, 'lane')) as Row),
    deployments: () => kind('deployment'),
    builds: () => kind('build'),
    inputs: () => kind('seen'),
    // Markers are listed under their time, and lie a second time under their id.
    markers: () => rows(markers, '0', ':'),
    errorGroups: () => rows(groups, '!', '~'),
  };
}
