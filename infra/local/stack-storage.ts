import { TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import declaration from './declaration.json' with { type: 'json' };

/** The well-known account of Azurite. */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export function storageConnection({ blobPort, tablePort }: { blobPort: number; tablePort: number }): string {
  const at = (port: number): string => `http://127.0.0.1:${port}/${account}`;
  return `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};BlobEndpoint=${at(blobPort)};TableEndpoint=${at(tablePort)};`;
}

/** What the templates declare on Azure. */
export async function declareStorage(connectionString: string): Promise<void> {
  const tables = TableServiceClient.fromConnectionString(connectionString, { allowInsecureConnection: true });
  for (const table of declaration.storage.tables) await tables.createTable(table);
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  for (const container of [...declaration.storage.containers, 'builds'])
    await blobs.getContainerClient(container).createIfNotExists();
}
