import { ServiceBusClient } from '@azure/service-bus';
import { BlobSASPermissions, BlobServiceClient } from '@azure/storage-blob';

/** Where a build system leaves packages and tells of them. */
export interface Announcer {
  /** Puts a package into the container `builds`; the address it can be read from for an hour. */
  upload(name: string, zip: Uint8Array): Promise<string>;
  /** Sends a build event to the queue `builds`. A repeated message id is silently dropped by Service Bus. */
  announce(event: { id: string } & Record<string, unknown>, messageId: string): Promise<void>;
  close(): Promise<void>;
}

const HOUR = 60 * 60_000;

/** A build system of its own: real clients for storage and Service Bus, by their connection strings. */
export function openAnnouncer(addresses: { storage: string; serviceBus: string }): Announcer {
  const builds = BlobServiceClient.fromConnectionString(addresses.storage).getContainerClient('builds');
  const bus = new ServiceBusClient(addresses.serviceBus, { retryOptions: { maxRetries: 2, timeoutInMs: 5_000 } });
  const sender = bus.createSender('builds');
  return {
    async upload(name, zip) {
      const blob = builds.getBlockBlobClient(name);
      await blob.uploadData(zip, { blobHTTPHeaders: { blobContentType: 'application/zip' } });
      const permissions = BlobSASPermissions.parse('r');
      return blob.generateSasUrl({ permissions, expiresOn: new Date(Date.now() + HOUR) });
    },
    async announce(event, messageId) {
      await sender.sendMessages({ messageId, body: event, contentType: 'application/cloudevents+json' });
    },
    close: () => bus.close(),
  };
}
