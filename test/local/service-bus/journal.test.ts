import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Journal } from '../../../infra/local/service-bus/journal/journal.ts';
import type { Operation } from '../../../infra/local/service-bus/journal/operation.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test('what was committed is read back, in order, bytes included', async () => {
  const folder = newFolder();
  const { journal, state } = await opened(folder);
  write(journal, state, 1, Buffer.from([0, 255, 10]));
  write(journal, state, 2);
  await journal.committed();
  await journal.close();
  const again = await opened(folder);
  expect([...again.state.keys()]).toEqual([1, 2]);
  expect(again.state.get(1)).toMatchObject({ bare: Buffer.from([0, 255, 10]) });
  await again.journal.close();
});

test('many writers share a sync, and each is told after its own', async () => {
  const folder = newFolder();
  const { journal, state } = await opened(folder);
  await Promise.all(
    Array.from({ length: 500 }, async (_, n) => {
      write(journal, state, n);
      await journal.committed();
      if (n % 100 === 0) expect(readFileSync(join(folder, 'journal')).includes(`"sequence":${n},`)).toBe(true);
    }),
  );
  await journal.close();
  expect((await openedAndClosed(folder)).size).toBe(500);
});

test('a torn end is passed over', async () => {
  const folder = newFolder();
  const { journal, state } = await opened(folder);
  write(journal, state, 1);
  await journal.committed();
  write(journal, state, 2);
  await journal.committed();
  await journal.close();
  const file = join(folder, 'journal');
  truncateSync(file, statSync(file).size - 3);
  expect([...(await openedAndClosed(folder)).keys()]).toEqual([1]);
});

test('an end of zeros, as a power cut leaves it, is passed over', async () => {
  const folder = newFolder();
  const { journal, state } = await opened(folder);
  write(journal, state, 1);
  await journal.committed();
  await journal.close();
  const file = join(folder, 'journal');
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(4096)]));
  expect([...(await openedAndClosed(folder)).keys()]).toEqual([1]);
});

test('damage in the middle is not passed over', async () => {
  const folder = newFolder();
  const { journal, state } = await opened(folder);
  for (const n of [1, 2]) {
    write(journal, state, n);
    await journal.committed();
  }
  await journal.close();
  const file = join(folder, 'journal');
  const bytes = readFileSync(file);
  bytes[30] = (bytes[30] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  await expect(opened(folder)).rejects.toThrow('the journal is damaged at byte 0');
});

test('it is rewritten while it grows, and loses nothing of what is written meanwhile', async () => {
  const folder = newFolder();
  const { journal, state } = await opened(folder, 20_000);
  for (let n = 0; n < 400; n += 1) {
    write(journal, state, n, Buffer.alloc(1_000, n));
    // Only the last hundred stay.
    if (n >= 100) {
      journal.write({ op: 'gone', queue: 'q', sequence: n - 100 });
      state.delete(n - 100);
    }
    if (n % 7 === 0) await journal.committed();
  }
  await journal.committed();
  await journal.close();
  expect(statSync(join(folder, 'journal')).size).toBeLessThan(300_000);
  const kept = await openedAndClosed(folder);
  expect([...kept.keys()].sort((one, other) => one - other)).toEqual(Array.from({ length: 100 }, (_, n) => 300 + n));
  expect(statSync(join(folder, 'journal')).size).toBeLessThan(150_000);
});

test('a disk that refuses is told of once, and to everybody who waits', async () => {
  const folder = newFolder();
  const failures: string[] = [];
  const journal = new Journal({ folder, snapshot: () => [], failed: (error) => failures.push(error.message) });
  await journal.start();
  await journal.close();
  journal.write({ op: 'gone', queue: 'q', sequence: 1 });
  await expect(journal.committed()).rejects.toThrow('the journal is closed');
  await expect(journal.committed()).rejects.toThrow('the journal is closed');
  expect(failures).toEqual(['the journal is closed']);
});

type State = Map<number, Operation>;

/** A journal over the simplest state there is: the operations of the messages that are there. */
async function opened(folder: string, growthBytes?: number): Promise<{ journal: Journal; state: State }> {
  const state: State = new Map();
  const journal = new Journal({
    folder,
    snapshot: () => [...state.values()],
    failed: (error) => {
      throw error;
    },
    ...(growthBytes === undefined ? {} : { growthBytes }),
  });
  await journal.replay((operation) => {
    if (operation.op === 'message') state.set(operation.sequence, operation);
    else if (operation.op === 'gone') state.delete(operation.sequence);
  });
  await journal.start();
  return { journal, state };
}

async function openedAndClosed(folder: string): Promise<State> {
  const { journal, state } = await opened(folder);
  await journal.close();
  return state;
}

function write(journal: Journal, state: State, sequence: number, bare = Buffer.from('body')): void {
  const operation: Operation = {
    op: 'message',
    queue: 'q',
    sequence,
    enqueuedSequence: sequence,
    id: `m${sequence}`,
    enqueuedAt: 1,
    count: 0,
    bare,
  };
  state.set(sequence, operation);
  journal.write(operation);
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'service-bus-journal-'));
  folders.push(folder);
  return folder;
}
