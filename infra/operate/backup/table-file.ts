import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Lines are written together, so many characters at a time. */
const BUFFER = 1_000_000;

/** A file of lines in the making. What was written since a point can be taken back. */
export interface TableFile {
  add(line: string): Promise<void>;
  /** To which `backTo` leads. */
  point(): Promise<Point>;
  backTo(point: Point): Promise<void>;
  /** On disk from then on. */
  end(): Promise<{ rows: number; sha256: string }>;
}

interface Point {
  bytes: number;
  rows: number;
}

export async function openTableFile(path: string): Promise<TableFile> {
  const file: FileHandle = await open(path, 'wx');
  const at: Point = { bytes: 0, rows: 0 };
  let waiting = '';
  const flush = async (): Promise<void> => {
    const bytes = Buffer.from(waiting, 'utf8');
    waiting = '';
    if (bytes.length > 0) await file.writev([bytes], at.bytes);
    at.bytes += bytes.length;
  };
  return {
    async add(line) {
      waiting += `${line}\n`;
      at.rows += 1;
      if (waiting.length > BUFFER) await flush();
    },
    async point() {
      await flush();
      return { ...at };
    },
    async backTo(point) {
      await flush();
      await file.truncate(point.bytes);
      Object.assign(at, point);
    },
    async end() {
      await flush();
      await file.sync();
      await file.close();
      return { rows: at.rows, sha256: await sha256Of(path) };
    },
  };
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
