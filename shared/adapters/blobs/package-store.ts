import { createHash, randomUUID } from 'node:crypto';
import { type BlockBlobClient, type ContainerClient, RestError } from '@azure/storage-blob';
import type { Sha256 } from '../../lane/words.ts';
import { type Copied, LastingFailure, type PackageStore, Unavailable } from '../../ports.ts';
import type { Network } from '../http/public-network.ts';
import { inBlocks } from './blocks.ts';
import { download, Refused } from './source.ts';

/** All small calls end by then. */
const CALL_MS = 15_000;

/**
 * Packages as `<sha256>.zip` in one container. `readUrl` makes an address that reads one blob until the instant; `network`: where
 * artefacts may be fetched from.
 */
export function packageStore(
  container: ContainerClient,
  network: Network,
  readUrl: (blob: BlockBlobClient, until: Date) => Promise<string>,
): PackageStore {
  const blobOf = (sha256: Sha256): BlockBlobClient => container.getBlockBlobClient(`${sha256}.zip`);
  const sizeOf = async (sha256: Sha256): Promise<number | null> => {
    try {
      const found = await blobOf(sha256).getProperties({ abortSignal: AbortSignal.timeout(CALL_MS) });
      return found.contentLength ?? 0;
    } catch (error) {
      if (error instanceof RestError && error.statusCode === 404) return null;
      throw translated('looking for a package', error);
    }
  };

  return {
    async copy(url, sha256, { maxBytes, deadlineMs }) {
      const there = await sizeOf(sha256);
      if (there !== null) return { copied: true, size: there };
      const signal = AbortSignal.timeout(deadlineMs);
      try {
        return await copied(container, blobOf(sha256), download(network, url, maxBytes, signal), sha256, signal);
      } catch (error) {
        if (error instanceof Refused) return { copied: false, because: error.message };
        const found = await sizeOf(sha256);
        // Somebody else was quicker with the same bytes: their commit drops our uncommitted blocks.
        if (found !== null) return { copied: true, size: found };
        throw translated('copying a package', error);
      }
    },

    has: async (sha256) => (await sizeOf(sha256)) !== null,

    async readUrl(sha256, until) {
      try {
        return await readUrl(blobOf(sha256), until);
      } catch (error) {
        throw translated('making an address for a package', error);
      }
    },
  };
}

/** Blocks are invisible until they are committed, and they are committed only after the digest matched. */
async function copied(
  container: ContainerClient,
  blob: BlockBlobClient,
  bytes: AsyncIterable<Uint8Array>,
  sha256: Sha256,
  abortSignal: AbortSignal,
): Promise<Copied> {
  const hash = createHash('sha256');
  const ids: string[] = [];
  // Of this attempt alone: blocks of two attempts must not come to stand for each other.
  const attempt = randomUUID();
  let size = 0;
  for await (const block of inBlocks(bytes)) {
    hash.update(block);
    size += block.length;
    const id = Buffer.from(`${attempt}-${String(ids.length).padStart(6, '0')}`).toString('base64');
    await inContainer(container, () => blob.stageBlock(id, block, block.length, { abortSignal }));
    ids.push(id);
  }
  const digest = hash.digest('hex');
  if (digest !== sha256)
    return { copied: false, because: `the artefact's SHA-256 is ${digest}, announced was ${sha256}` };
  const conditions = { ifNoneMatch: '*' };
  const blobHTTPHeaders = { blobContentType: 'application/zip' };
  await inContainer(container, () => blob.commitBlockList(ids, { conditions, blobHTTPHeaders, abortSignal }));
  return { copied: true, size };
}

/** The container is made when it is first missed. */
async function inContainer<Value>(container: ContainerClient, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof RestError && error.code === 'ContainerNotFound')) throw error;
    await container.createIfNotExists();
    return call();
  }
}

function translated(what: string, error: unknown): Error {
  if (error instanceof Unavailable || error instanceof LastingFailure) return error;
  if (error instanceof RestError && (error.statusCode === 401 || error.statusCode === 403))
    return new LastingFailure(`${what}: blob storage answers ${error.code ?? error.statusCode}`, { cause: error });
  return new Unavailable(`${what}: blob storage does not answer`, { cause: error });
}
