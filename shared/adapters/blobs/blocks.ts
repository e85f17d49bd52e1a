/** Held in memory at once; 50,000 blocks of it are more than any package. */
const BLOCK_BYTES = 4 * 1024 * 1024;

/** Chunks of any size as blocks of 4 MiB, the last one smaller. */
export async function* inBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + BLOCK_BYTES - length);
      parts.push(part);
      length += part.length;
      from += part.length;
      if (length === BLOCK_BYTES) {
        yield Buffer.concat(parts);
        parts = [];
        length = 0;
      }
    }
  }
  if (length > 0) yield Buffer.concat(parts);
}
