import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeFrame, readFrames } from './frame.ts';
import { decodeOperations, encodeOperation, type Operation } from './operation.ts';
import { type GrowingFile, writeAll, writeSnapshot } from './snapshot-file.ts';

/** Where the queues write what must last. */
export interface Log {
  write(operation: Operation): void;
  /** Resolves when everything written so far is on disk. */
  committed(): Promise<void>;
}

export interface JournalOptions {
  folder: string;
  /** All that is to be kept, as the operations that lead there; taken in one go. */
  snapshot(): Operation[];
  /** Called once when the disk refuses; nothing is kept from then on. */
  failed(error: Error): void;
  /** The journal is rewritten when it has grown by this many bytes and to twice its size after the last rewriting. */
  growthBytes?: number;
}

interface Commit {
  parts: Buffer[];
  done: Promise<void>;
  resolve: () => void;
  reject: (error: unknown) => void;
}

interface Rewriting {
  /** What was committed to the old file since the snapshot was taken. */
  since: Buffer[];
  ready: GrowingFile | undefined;
  finished: Promise<void>;
}

const defaultGrowthBytes = 32 * 1024 * 1024;

/**
 * An append-only file with group commit: what is written in one turn is one frame, kept as a whole or not at all; frames
 * that gather while the disk is busy are one write and one fdatasync. The file is rewritten from a snapshot at the start
 * and when it has grown, beside the running appends, and takes the old one's place by renaming.
 */
export class Journal implements Log {
  readonly #options: JournalOptions;
  readonly #path: string;
  readonly #nextPath: string;
  #file: FileHandle | undefined;
  #size = 0;
  #sizeAfterRewriting = 0;
  #open: Commit | undefined;
  #writing: Commit | undefined;
  #flushing: Promise<void> | undefined;
  #rewriting: Rewriting | undefined;
  #failure: Error | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#path = join(options.folder, 'journal');
    this.#nextPath = `${this.#path}.next`;
  }

  /** Reads what was kept, in the order in which it was written. To be followed by `start`. */
  async replay(apply: (operation: Operation) => void): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true });
    let bytes: Buffer;
    try {
      bytes = await readFile(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    for (const payload of readFrames(bytes)) for (const operation of decodeOperations(payload)) apply(operation);
  }

  /** Puts the snapshot in the place of what was there, then takes appends. */
  async start(): Promise<void> {
    const { file, size } = await writeSnapshot(this.#nextPath, this.#options.snapshot());
    await this.#takePlace(file, size);
  }

  write(operation: Operation): void {
    this.#current().parts.push(...encodeOperation(operation));
  }

  committed(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return (this.#open ?? this.#writing)?.done ?? Promise.resolve();
  }

  async close(): Promise<void> {
    await this.#quiet();
    await this.#rewriting?.finished;
    await this.#quiet();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #quiet(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
  }

  #current(): Commit {
    if (this.#open !== undefined) return this.#open;
    let resolve = (): void => {};
    let reject = (_: unknown): void => {};
    const done = new Promise<void>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    // Not every writer waits; those that do get their own rejection.
    done.catch(() => {});
    this.#open = { parts: [], done, resolve, reject };
    this.#flushing ??= this.#flush();
    return this.#open;
  }

  async #flush(): Promise<void> {
    // The rest of this turn belongs to the same frame.
    await Promise.resolve();
    while (this.#open !== undefined || this.#rewriting?.ready !== undefined) {
      const commit = this.#open;
      this.#open = undefined;
      this.#writing = commit;
      try {
        if (this.#failure !== undefined) throw this.#failure;
        if (commit !== undefined) await this.#append(encodeFrame(commit.parts));
        if (this.#rewriting?.ready !== undefined)
          await this.#finishRewriting(this.#rewriting.ready, this.#rewriting.since);
        commit?.resolve();
      } catch (error) {
        this.#fail(error);
        commit?.reject(error);
      }
      this.#writing = undefined;
    }
    this.#flushing = undefined;
  }

  async #append(frame: Buffer): Promise<void> {
    if (this.#file === undefined) throw new Error('the journal is closed');
    // Taken before the first wait: the snapshot holds exactly what was written up to and including this frame.
    if (this.#hasGrown() && this.#rewriting === undefined) this.#beginRewriting();
    else this.#rewriting?.since.push(frame);
    await writeAll(this.#file, frame, this.#size);
    await this.#file.datasync();
    this.#size += frame.length;
  }

  #hasGrown(): boolean {
    const growth = this.#options.growthBytes ?? defaultGrowthBytes;
    return this.#size > this.#sizeAfterRewriting * 2 && this.#size > this.#sizeAfterRewriting + growth;
  }

  #beginRewriting(): void {
    const snapshot = this.#options.snapshot();
    const rewriting: Rewriting = { since: [], ready: undefined, finished: Promise.resolve() };
    rewriting.finished = writeSnapshot(this.#nextPath, snapshot).then(
      (ready) => {
        rewriting.ready = ready;
        this.#flushing ??= this.#flush();
      },
      (error: unknown) => this.#fail(error),
    );
    this.#rewriting = rewriting;
  }

  async #finishRewriting(ready: GrowingFile, since: Buffer[]): Promise<void> {
    let size = ready.size;
    for (const frame of since) {
      await writeAll(ready.file, frame, size);
      size += frame.length;
    }
    this.#rewriting = undefined;
    await this.#takePlace(ready.file, size);
  }

  async #takePlace(file: FileHandle, size: number): Promise<void> {
    await file.datasync();
    await rename(this.#nextPath, this.#path);
    const folder = await open(this.#options.folder);
    await folder.sync();
    await folder.close();
    await this.#file?.close();
    this.#file = file;
    this.#size = size;
    this.#sizeAfterRewriting = size;
  }

  #fail(error: unknown): void {
    this.#rewriting = undefined;
    if (this.#failure !== undefined) return;
    this.#failure = error instanceof Error ? error : new Error(String(error));
    this.#options.failed(this.#failure);
  }
}
