import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { takeBackup } from '../../infra/operate/backup/take.ts';
import { tableFile } from '../../infra/operate/copy/manifest.ts';
import { copiedRows, readBackup } from '../../infra/operate/copy/read.ts';
import { restore } from '../../infra/operate/restore/restore.ts';
import { openTables, type TableName } from '../../shared/adapters/tables/connect.ts';
import { append } from '../../shared/adapters/tables/error-append.ts';
import { compact } from '../../shared/adapters/tables/error-compaction.ts';
import { laneStore } from '../../shared/adapters/tables/lane-store.ts';
import { markerStore } from '../../shared/adapters/tables/marker-store.ts';
import type { InputId, LaneId } from '../../shared/lane/words.ts';
import { noCredential } from '../adapters/no-credential.ts';
import { swappingLane } from '../builders/lane.ts';
import {
  aBuildRow,
  aDelta,
  aMarker,
  anEffect,
  anEntry,
  aRecord,
  aSeen,
  at,
  change,
  freshLane,
} from '../contract/builders.ts';
import { type LocalStorage, startStorage } from '../local-azure.ts';
import { type Ended, runCommand, startCommand } from './command.ts';
import { clientOf, emptyTables, everything } from './emptied.ts';

const dir = mkdtempSync(join(tmpdir(), 'warmswap-backup-'));
let storage: LocalStorage;
/** Where it is restored to. */
let other: LocalStorage;
beforeAll(async () => {
  [storage, other] = await Promise.all([startStorage(), startStorage()]);
});
afterAll(async () => {
  await Promise.all([storage?.close(), other?.close()]);
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  await Promise.all([emptyTables(storage.connectionString), emptyTables(other.connectionString)]);
});

let made = 0;
const fresh = (): string => {
  made += 1;
  return join(dir, `backup-${made}`);
};
const tablesOf = ({ connectionString }: LocalStorage) => openTables({ connectionString }, noCredential);
const backup = (out: string): Promise<Ended> =>
  runCommand('backup', ['--out', out], { Storage: storage.connectionString });
const restoreArgs = (from: string): string[] => ['--from', from, '--confirm', 'devstoreaccount1'];
const restored = (from: string): Promise<Ended> =>
  runCommand('restore', restoreArgs(from), { Storage: other.connectionString });

/** A lane in the middle of a swap, with a journal, builds, what was seen, and something pending. */
async function written(entries = 3): Promise<LaneId> {
  const store = laneStore(tablesOf(storage)('Lanes'));
  const lane = freshLane();
  const { active, ...swapping } = swappingLane();
  if (active === null) throw new Error('nothing moves');
  const record = { ...active.record, ...aRecord(lane) };
  const journal = Array.from({ length: entries }, (_, index) => anEntry(index + 1));
  const before = { ...swapping, id: lane, active: { ...active, record }, effectSeq: 1 };
  let stored = await store.load(lane);
  for (let from = 0; from < entries; from += 30)
    stored = await store.save(
      stored,
      change(
        { ...before, journalSeq: Math.min(entries, from + 30) },
        {
          journal: journal.slice(from, from + 30),
          effects: from + 30 < entries ? [] : [anEffect(1)],
          builds: [aBuildRow(`1.${from}.0`)],
          records: [record],
          seen: [aSeen(`event-${from}`)],
        },
      ),
    );
  await markerStore(tablesOf(storage)('Markers')).put(aMarker(lane, 'm1', at('10:00')));
  return lane;
}

/** A table of which each page of a partition, when it was copied, is followed by what somebody else does. */
function interrupted(name: TableName, partition: string, act: () => Promise<unknown>): TableClient {
  const rows = clientOf(storage.connectionString, name);
  const list = rows.listEntities.bind(rows);
  rows.listEntities = ((options: Parameters<typeof list>[0]) => {
    const found = list(options);
    if (options?.disableTypeConversion !== true || options.queryOptions?.filter?.includes(partition) !== true)
      return found;
    const pagesOf = found.byPage.bind(found);
    return Object.assign(found, {
      byPage: (settings: Parameters<typeof pagesOf>[0]) => {
        const pages = pagesOf(settings);
        const next = pages.next.bind(pages);
        return Object.assign(pages, { next: () => next().finally(act) });
      },
    });
  }) as typeof list;
  return rows;
}

describe('a backup', () => {
  test('restored elsewhere it holds every row with every type; only what was in flight is otherwise', {
    timeout: 120_000,
  }, async () => {
    const lane = await written();
    const rows = clientOf(storage.connectionString, 'DeadLetters');
    await rows.createEntity({
      partitionKey: 'builds',
      rowKey: "0!a'b",
      text: 'ends \u2028 here\n\r and goes on \u0000',
      int32: 7,
      int64: 9_007_199_254_740_993n,
      whole: { type: 'Double', value: 5 as unknown as string },
      third: 0.25,
      at: { type: 'DateTime', value: '2026-03-01T10:00:00.1234567Z' },
      bytes: new Uint8Array([0, 255, 10]),
      guid: { type: 'Guid', value: '1f9d1d8e-4a27-4a3c-9f0a-0123456789ab' },
      yes: true,
      empty: '',
    });
    const before = await everything(storage.connectionString);
    const out = fresh();
    const taken = await backup(out);
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    expect(taken.stdout).toMatch(/holds 1 lane and \d+ rows\n$/);
    expect(await everything(storage.connectionString)).toEqual(before);

    const ended = await restored(out);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('1 lane is on hold\n');
    expect(ended.stdout).toContain('every journal is whole\n');
    const after = await everything(other.connectionString);
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (place) => JSON.stringify(before.get(place)) !== JSON.stringify(after.get(place)),
    );
    const { lane: now, pending } = await laneStore(tablesOf(other)('Lanes')).load(lane);
    expect(now).toMatchObject({ active: null, queue: [], live: null, hold: { by: 'warmswap' }, journalSeq: 4 });
    expect(pending.map(({ effect }) => effect.type)).toEqual(['announce', 'announce']);
    expect(
      changed
        .map((place) => place.replace(/journal!\d+|deployment!.*|effect!\d+/, (key) => key.split('!')[0] ?? ''))
        .sort(),
    ).toEqual([
      `Lanes ${lane} deployment`,
      `Lanes ${lane} effect`,
      `Lanes ${lane} effect`,
      `Lanes ${lane} effect`,
      `Lanes ${lane} journal`,
      `Lanes ${lane} lane`,
      'Markers !restored restored',
    ]);
    const heads = join(out, 'manifest.json');
    const verified = await runCommand('verify-journal', ['--heads', heads], { Storage: other.connectionString });
    expect(verified).toMatchObject({ code: 0, stderr: '' });
  });

  test('of a lane that is written meanwhile its rows are of one moment', { timeout: 120_000 }, async () => {
    const lane = await written(1_020);
    const store = laneStore(tablesOf(storage)('Lanes'));
    let saves = 0;
    // The lane is changed between the first page, with the journal's end, and the next, with its own row.
    const rows = interrupted('Lanes', lane, async () => {
      if (saves === 3) return;
      saves += 1;
      const stored = await store.load(lane);
      const seq = stored.lane.journalSeq + 1;
      await store.save(stored, change({ ...stored.lane, journalSeq: seq }, { journal: [anEntry(seq)] }));
    });
    const out = fresh();
    const client = (name: TableName) => (name === 'Lanes' ? rows : clientOf(storage.connectionString, name));
    await takeBackup({ client, out, now: () => new Date(), say: () => undefined });
    expect(saves).toBe(3);
    const { lanes } = await readBackup(out);
    const seqs: number[] = [];
    for await (const { rowKey } of copiedRows(out, 'Lanes'))
      if (rowKey.startsWith('journal!')) seqs.push(9_999_999_999 - Number(rowKey.slice(8)));
    expect(lanes.map(({ head }) => head.seq)).toEqual([1_023]);
    expect(seqs).toEqual(Array.from({ length: 1_023 }, (_, index) => 1_023 - index));
  });

  test('error reports that are compacted meanwhile are in it once', { timeout: 60_000 }, async () => {
    const lane = freshLane();
    const errors = tablesOf(storage)('ErrorDeltas');
    const deltas = ['10:00', '10:01'].map((time) => aDelta(lane, { minute: at(time) }));
    await append(errors, { list: () => Promise.resolve() }, deltas);
    const rows = interrupted('ErrorDeltas', lane, () => compact(errors, lane, at('10:01')));
    const out = fresh();
    const client = (name: TableName) => (name === 'ErrorDeltas' ? rows : clientOf(storage.connectionString, name));
    await takeBackup({ client, out, now: () => new Date(), say: () => undefined });
    const keys: string[] = [];
    for await (const { partitionKey, rowKey } of copiedRows(out, 'ErrorDeltas'))
      if (partitionKey.startsWith(lane)) keys.push(rowKey);
    expect(keys).toEqual([expect.stringMatching(/^\d{9}!b1$/), 'sum!f1']);
  });

  test('killed at any moment it leaves no folder of that name, and is made when it is run again', {
    timeout: 120_000,
  }, async () => {
    await written(300);
    const out = fresh();
    const command = startCommand('backup', ['--out', out], { Storage: storage.connectionString });
    command.child.stdout?.once('data', () => command.child.kill('SIGKILL'));
    const { code } = await command.ended;
    if (code === null) expect(readdirSync(dir)).not.toContain(out.split('/').at(-1));
    else rmSync(out, { recursive: true });
    expect(await backup(out)).toMatchObject({ code: 0 });
    expect(readdirSync(dir).filter((name) => name.includes('partial'))).toEqual([]);
    expect((await readBackup(out)).lanes).toHaveLength(1);
    const again = await backup(out);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toMatch(/is there already; a backup is never written over\n$/);
  });
});

describe('restore', () => {
  test('killed after each step it goes on when it is run again: nothing twice, nothing lost', {
    timeout: 180_000,
  }, async () => {
    const lanes = [await written(), await written(130)];
    const out = fresh();
    await backup(out);
    expect(await restored(out)).toMatchObject({ code: 0 });
    const whole = await everything(other.connectionString);
    const places = [...whole.keys()].sort();

    await emptyTables(other.connectionString);
    for (const said of ['lanes are on hold', 'Lanes: ', 'Markers: ', 'DeadLetters: ', 'every journal']) {
      const command = startCommand('restore', restoreArgs(out), { Storage: other.connectionString });
      command.child.stdout?.on('data', (text: string) => {
        if (text.includes(said)) command.child.kill('SIGKILL');
      });
      await command.ended;
    }
    expect(await restored(out)).toMatchObject({ code: 0, stderr: '' });
    expect([...(await everything(other.connectionString)).keys()].sort()).toEqual(places);
    const store = laneStore(tablesOf(other)('Lanes'));
    for (const lane of lanes) {
      const journal = await store.journal(lane, null, 1_000);
      expect(journal.filter(({ input }) => input.startsWith('restore '))).toHaveLength(1);
    }
    expect((await restored(out)).stdout).toMatch(/^this backup was restored here at .*\nevery journal is whole\n/);
  });

  test('what a service wrote meanwhile is left as it is', { timeout: 120_000 }, async () => {
    const lane = await written();
    const out = fresh();
    await backup(out);
    const read = await readBackup(out);
    const store = laneStore(tablesOf(other)('Lanes'));
    let told = 0;
    await restore({
      client: (name) => clientOf(other.connectionString, name),
      backup: read,
      fenced: null,
      now: () => new Date(),
      say: () => {
        told += 1;
      },
    });
    expect(told).toBeGreaterThan(5);
    const stored = await store.load(lane);
    await store.save(
      stored,
      change({ ...stored.lane, journalSeq: 5 }, { journal: [anEntry(5)], seen: [aSeen('event-0', at('11:00'))] }),
    );
    expect(await restored(out)).toMatchObject({ code: 0 });
    expect((await store.load(lane)).lane.journalSeq).toBe(5);
    expect((await store.seen(lane, 'event-0' as InputId))?.at).toEqual(at('11:00'));
  });

  test('refuses tables that hold anything, and another backup than the one they were restored from', {
    timeout: 120_000,
  }, async () => {
    await written();
    const [one, two] = [fresh(), fresh()];
    await backup(one);
    await backup(two);
    await markerStore(tablesOf(other)('Markers')).put(aMarker('shop@production' as LaneId, 'm1', at('10:00')));
    const occupied = await everything(other.connectionString);
    const refused = await restored(one);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toBe(
      'the table Markers is not empty: it has rows of shop@production; a backup is restored into empty tables alone\n',
    );
    expect(await everything(other.connectionString)).toEqual(occupied);
    await emptyTables(other.connectionString);
    expect(await restored(one)).toMatchObject({ code: 0 });
    expect((await restored(two)).stderr).toMatch(/^these tables were restored from another backup, [0-9a-f-]{36} of /);
  });

  test('refuses a lane that a service began meanwhile', { timeout: 120_000 }, async () => {
    const lane = await written();
    const out = fresh();
    await backup(out);
    const read = await readBackup(out);
    const store = laneStore(tablesOf(other)('Lanes'));
    const began = restore({
      client: (name) => clientOf(other.connectionString, name),
      backup: { ...read, lanes: [] },
      fenced: null,
      // Asked once the tables were found to be empty, and again before the end.
      now: () => new Date(),
      say: () => {
        throw new Error('ended here');
      },
    });
    await expect(began).rejects.toThrow('ended here');
    const stored = await store.load(lane);
    await store.save(stored, change({ ...stored.lane, journalSeq: 1 }, { journal: [anEntry(1)] }));
    const refused = await restored(out);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toBe(
      `the lane ${lane} was begun by a service that runs on these tables: stop both apps, empty the tables, and run this again\n`,
    );
  });

  test.each(['Lanes', 'DeadLetters'] as const)(
    'a backup whose %s was changed is refused before anything is written',
    {
      timeout: 60_000,
    },
    async (name) => {
      await written();
      const out = fresh();
      await backup(out);
      appendFileSync(tableFile(out, name), '{}\n');
      const refused = await restored(out);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toMatch(new RegExp(`${name}\\.jsonl is not as it was made: its SHA-256 is another\n$`));
      expect(await everything(other.connectionString)).toEqual(new Map());
    },
  );

  test.each([
    { when: 'nothing is named', args: [], says: /^--from is missing; --help tells what it is\n$/ },
    {
      when: 'another account is confirmed',
      args: ['--from', 'x', '--confirm', 'other'],
      says: /^--confirm must name the account that is written to: it is devstoreaccount1, at http:\/\/127\.0\.0\.1:\d+\/devstoreaccount1\n$/,
    },
    {
      when: 'there is no backup',
      args: restoreArgs('/no/such/folder'),
      says: /^\/no\/such\/folder is no backup: it holds no manifest\.json that can be read\n$/,
    },
  ])('says in one sentence that $when', { timeout: 60_000 }, async ({ args, says }) => {
    const ended = await runCommand('restore', args, { Storage: other.connectionString });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(says);
  });

  test('refuses a manifest of another form, naming what is wrong', async () => {
    await written();
    const out = fresh();
    await backup(out);
    const file = join(out, 'manifest.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"form": 1', '"form": 2'));
    expect((await restored(out)).stderr).toMatch(/cannot be used: form: must be 1: another version of this command/);
  });
});
