import type { TokenCredential } from '@azure/identity';
import {
  BlobSASPermissions,
  BlobServiceClient,
  type BlockBlobClient,
  SASProtocol,
  type StoragePipelineOptions,
} from '@azure/storage-blob';
import type { PackageStore } from '../../ports.ts';
import { networkOf } from '../http/public-network.ts';
import { packageStore } from './package-store.ts';

export type BlobsConnection = { connectionString: string } | { endpoint: string };

const CONTAINER = 'packages';
/** Clocks differ: an address is good from a little before now. */
const SKEW_MS = 5 * 60_000;

const options: StoragePipelineOptions = {
  retryOptions: { maxTries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 2_000, tryTimeoutInMs: 30_000 },
};

/**
 * The packages of one account. `credential` is asked for where the connection is an endpoint; `allowedNetworks`: where artefacts may
 * be fetched from, beside the public internet.
 */
export function openPackages(
  connection: BlobsConnection,
  credential: () => TokenCredential,
  now: () => Date,
  allowedNetworks: readonly string[],
): PackageStore {
  const network = networkOf(allowedNetworks);
  const permissions = BlobSASPermissions.parse('r');
  const startsOn = (): Date => new Date(now().getTime() - SKEW_MS);
  if ('endpoint' in connection) {
    const service = new BlobServiceClient(connection.endpoint, credential(), options);
    // With an identity there is no account key to sign with: a key of the identity's own, good as long as the address, does.
    const readUrl = async (blob: BlockBlobClient, expiresOn: Date): Promise<string> => {
      const from = startsOn();
      const key = await service.getUserDelegationKey(from, expiresOn);
      const sas = { permissions, startsOn: from, expiresOn, protocol: protocolOf(blob) };
      return blob.generateUserDelegationSasUrl(sas, key);
    };
    return packageStore(service.getContainerClient(CONTAINER), network, readUrl);
  }
  const service = BlobServiceClient.fromConnectionString(connection.connectionString, options);
  const readUrl = (blob: BlockBlobClient, expiresOn: Date): Promise<string> =>
    blob.generateSasUrl({ permissions, startsOn: startsOn(), expiresOn, protocol: protocolOf(blob) });
  return packageStore(service.getContainerClient(CONTAINER), network, readUrl);
}

/** An account that answers https is asked by https alone. */
const protocolOf = ({ url }: BlockBlobClient): SASProtocol =>
  url.startsWith('https:') ? SASProtocol.Https : SASProtocol.HttpsAndHttp;
