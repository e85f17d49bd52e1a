import { crc32 } from 'node:zlib';

/** A frame is what is written and read as one: length and CRC-32 of the payload, then the payload. */
const headerBytes = 8;

export function encodeFrame(parts: Buffer[]): Buffer {
  const frame = Buffer.concat([Buffer.alloc(headerBytes), ...parts]);
  frame.writeUInt32BE(frame.length - headerBytes, 0);
  frame.writeUInt32BE(crc32(frame.subarray(headerBytes)), 4);
  return frame;
}

/**
 * The payloads of a journal, in order. A torn frame at the very end is what a crash during a write leaves; nobody was told
 * that it was kept, so it is passed over. A broken frame with more behind it is damage.
 * @throws when the journal is damaged
 */
export function* readFrames(journal: Buffer): Generator<Buffer> {
  let at = 0;
  while (at < journal.length) {
    const start = at + headerBytes;
    const end = start <= journal.length ? start + journal.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end > journal.length) return;
    const payload = journal.subarray(start, end);
    if (end === start || crc32(payload) !== journal.readUInt32BE(at + 4)) {
      if (end === journal.length || isZero(journal.subarray(at))) return;
      throw new Error(`the journal is damaged at byte ${at}; move its folder away to start with an empty one`);
    }
    yield payload;
    at = end;
  }
}

/** A file system may grow a file before its bytes arrive; after a power cut such a tail is all zeros. */
function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
