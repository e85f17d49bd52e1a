import { type FileHandle, open } from 'node:fs/promises';
import { encodeFrame } from './frame.ts';
import { encodeOperation, type Operation } from './operation.ts';

/** A file being written, and how far it is. */
export interface GrowingFile {
  file: FileHandle;
  size: number;
}

/** Encoding much at once would hold up everybody else. */
const bytesPerFrame = 4 * 1024 * 1024;

/** Writes these operations to a new file, not yet synced. */
export async function writeSnapshot(path: string, operations: Operation[]): Promise<GrowingFile> {
  const file = await open(path, 'w');
  let size = 0;
  for (const frame of framesOf(operations)) {
    await writeAll(file, frame, size);
    size += frame.length;
  }
  return { file, size };
}

function* framesOf(operations: Operation[]): Generator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for (const operation of operations) {
    for (const part of encodeOperation(operation)) {
      parts.push(part);
      bytes += part.length;
    }
    if (bytes < bytesPerFrame) continue;
    yield encodeFrame(parts);
    parts = [];
    bytes = 0;
  }
  if (parts.length > 0) yield encodeFrame(parts);
}

/** One write may take less than it was given. */
export async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
