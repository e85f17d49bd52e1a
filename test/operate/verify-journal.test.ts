import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TableClient, type TableEntity } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readVerifyOptions } from '../../infra/operate/verify-journal/arguments.ts';
import { openTables } from '../../shared/adapters/tables/connect.ts';
import { journalKey } from '../../shared/adapters/tables/lane-rows.ts';
import { laneStore } from '../../shared/adapters/tables/lane-store.ts';
import { noticeStore } from '../../shared/adapters/tables/notice-store.ts';
import { emptyLane } from '../../shared/lane/lane.ts';
import type { LaneId } from '../../shared/lane/words.ts';
import { noCredential } from '../adapters/no-credential.ts';
import { anEntry, aRecord, change, freshLane } from '../contract/builders.ts';
import { connectionString, type LocalStorage, startStorage } from '../local-azure.ts';
import { type Ended, runCommand } from './command.ts';

const dir = mkdtempSync(join(tmpdir(), 'warmswap-verify-'));
let storage: LocalStorage;
let rows: TableClient;
beforeAll(async () => {
  storage = await startStorage();
  rows = TableClient.fromConnectionString(storage.connectionString, 'Lanes', { allowInsecureConnection: true });
});
afterAll(async () => {
  await storage?.close();
  rmSync(dir, { recursive: true, force: true });
});

const run = (args: string[], env: Record<string, string> = { Storage: storage.connectionString }): Promise<Ended> =>
  runCommand('verify-journal', args, env);

interface Judged {
  lane: string;
  entries: number;
  head: { seq: number; hash: string };
  fault: { seq: number | null; what: string } | null;
}
const judgedBy = ({ stdout }: Ended): Judged[] => (JSON.parse(stdout) as { lanes: Judged[] }).lanes;

/** A lane whose journal was written in three saves, entries 1, 2, 4, 5 and 6, and that did other things besides. */
async function written(told = 'step'): Promise<LaneId> {
  const store = laneStore(openTables({ connectionString: storage.connectionString }, noCredential)('Lanes'));
  const lane = freshLane();
  let stored = await store.load(lane);
  for (const seqs of [[1, 2], [4], [5, 6]]) {
    const journal = seqs.map((seq) => anEntry(seq, { told: `${told} ${seq}` }));
    stored = await store.save(
      stored,
      change({ ...stored.lane, id: lane, step: seqs.length }, { journal, records: [aRecord(lane)] }),
    );
  }
  return lane;
}

type Faults = { does: string; to: (lane: LaneId) => Promise<unknown>; seq: number | null; what: string }[];
const entry = (lane: LaneId, seq: number) =>
  rows.getEntity<TableEntity<Record<string, unknown>>>(lane, journalKey(seq));
const merge = async (lane: LaneId, rowKey: string, properties: object) =>
  rows.updateEntity({ partitionKey: lane, rowKey, ...properties }, 'Merge', { etag: '*' });
const remove = (lane: LaneId, ...seqs: number[]) =>
  Promise.all(seqs.map((seq) => rows.deleteEntity(lane, journalKey(seq), { etag: '*' })));
const contentOf = ({ state, deployment, previous, hash, schema }: Record<string, unknown>) => ({
  state,
  deployment,
  previous,
  hash,
  schema,
});

const faults: Faults = [
  {
    does: 'edits a text',
    to: async (lane) =>
      merge(lane, journalKey(4), { state: String((await entry(lane, 4)).state).replace('step 4', 'step x') }),
    seq: 4,
    what: 'edited',
  },
  {
    does: 'hides an entry from its deployment',
    to: (lane) => merge(lane, journalKey(2), { deployment: 'other' }),
    seq: 2,
    what: 'edited',
  },
  { does: 'adds a property', to: (lane) => merge(lane, journalKey(6), { note: 'seen' }), seq: 6, what: 'edited' },
  {
    does: 'adds a property with a name like those of the service',
    to: (lane) => merge(lane, journalKey(6), { 'odata.note': 'seen' }),
    seq: 6,
    what: 'edited',
  },
  { does: 'takes the first away', to: (lane) => remove(lane, 1), seq: 2, what: 'missing' },
  { does: 'takes one away in the middle', to: (lane) => remove(lane, 4), seq: 5, what: 'missing' },
  { does: 'cuts the tail', to: (lane) => remove(lane, 5, 6), seq: 5, what: 'tail cut' },
  { does: 'takes all away', to: (lane) => remove(lane, 1, 2, 4, 5, 6), seq: 1, what: 'tail cut' },
  {
    does: 'lets two change places',
    to: async (lane) => {
      const [two, five] = [contentOf(await entry(lane, 2)), contentOf(await entry(lane, 5))];
      await merge(lane, journalKey(2), five);
      await merge(lane, journalKey(5), two);
    },
    seq: 2,
    what: 'out of order',
  },
  {
    does: 'repeats one',
    to: async (lane) =>
      rows.createEntity({ partitionKey: lane, rowKey: journalKey(3), ...contentOf(await entry(lane, 2)) }),
    seq: 3,
    what: 'out of order',
  },
  {
    does: 'moves one in from another lane',
    to: async (lane) => merge(lane, journalKey(4), contentOf(await entry(await written('elsewhere'), 4))),
    seq: 4,
    what: 'edited',
  },
  {
    does: "puts another lane's journal in the place of this one",
    to: async (lane) => {
      const other = await written('elsewhere');
      const { headSeq, headHash } = await rows.getEntity<Record<string, unknown>>(other, 'lane');
      for (const seq of [1, 2, 4, 5, 6]) await merge(lane, journalKey(seq), contentOf(await entry(other, seq)));
      await merge(lane, 'lane', { headSeq, headHash });
    },
    seq: 1,
    what: 'edited',
  },
  {
    does: 'changes the head',
    to: (lane) => merge(lane, 'lane', { headHash: 'f'.repeat(64) }),
    seq: null,
    what: 'lane row',
  },
  {
    does: 'takes the head back',
    to: async (lane) => merge(lane, 'lane', { headSeq: 4, headHash: (await entry(lane, 4)).hash }),
    seq: 5,
    what: 'put in',
  },
  {
    does: 'makes the head unreadable',
    to: (lane) => merge(lane, 'lane', { headSeq: '6' }),
    seq: null,
    what: 'lane row',
  },
  {
    does: 'takes the lane row away',
    to: (lane) => rows.deleteEntity(lane, 'lane', { etag: '*' }),
    seq: null,
    what: 'lane row',
  },
  {
    does: 'names another lane',
    to: (lane) => merge(lane, 'lane', { lane: 'other@production' }),
    seq: null,
    what: 'lane row',
  },
  {
    does: 'takes everything of the lane away',
    to: async (lane) => {
      for await (const { rowKey } of rows.listEntities({ queryOptions: { filter: `PartitionKey eq '${lane}'` } }))
        await rows.deleteEntity(lane, String(rowKey), { etag: '*' });
    },
    seq: null,
    what: 'missing',
  },
];

describe('verify-journal', () => {
  test('before anything was written it says that the table is not there; it makes none', {
    timeout: 60_000,
  }, async () => {
    for (const _ of [1, 2]) {
      const ended = await run([]);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toMatch(/^the table Lanes at http:\/\/127\.0\.0\.1:\d+ does not exist: .*\n$/);
    }
  });

  test('journals nobody touched are whole, and their heads are told', { timeout: 60_000 }, async () => {
    const [one, other] = [await written(), await written()];
    const notices = noticeStore(openTables({ connectionString: storage.connectionString }, noCredential)('Lanes'));
    await notices.save(freshLane(), { subject: 's', channel: 'c', ts: '1', shown: 'x', threadShown: [] }, null);
    const ended = await run([]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const head = (await rows.getEntity<Record<string, unknown>>(one, 'lane')).headHash;
    expect(ended.stdout).toContain(`${one}  5 entries  head 6 ${head}  ok\n`);
    expect(ended.stdout).toMatch(/\n2 lanes, every journal is whole\n$/);
    const alone = await run(['--lane', other, '--json']);
    expect(judgedBy(alone)).toEqual([
      { lane: other, entries: 5, head: { seq: 6, hash: expect.any(String) }, fault: null },
    ]);
  });

  test('each thing somebody can do to a journal is found, and said of the first entry that is wrong', {
    timeout: 120_000,
  }, async () => {
    const untouched = await written();
    const touched = new Map<string, Faults[number]>();
    for (const fault of faults) {
      const lane = await written();
      await fault.to(lane);
      touched.set(lane, fault);
    }
    const ended = await run(['--json']);
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    const judged = new Map(judgedBy(ended).map((each) => [each.lane, each]));
    expect(judged.get(untouched)?.fault).toBeNull();
    const found = [...touched].map(([lane, { does }]) => ({ does, ...judged.get(lane)?.fault, why: '' }));
    expect(found).toEqual(faults.map(({ does, seq, what }) => ({ does, seq, what, why: '' })));

    const [edited = ''] = touched.keys();
    const alone = await run(['--lane', edited]);
    expect(alone).toMatchObject({ code: 1, stderr: '' });
    expect(alone.stdout).toMatch(
      / {2}BROKEN at entry 4: edited: it is not as its hash has it\n1 lane, 1 with a broken journal\n$/,
    );
  });

  test('a journal of many pages is walked while entries are written', { timeout: 120_000 }, async () => {
    const store = laneStore(openTables({ connectionString: storage.connectionString }, noCredential)('Lanes'));
    const lane = freshLane();
    let stored = await store.load(lane);
    let seq = 0;
    const write = async (count: number): Promise<void> => {
      const journal = Array.from({ length: count }, (_, index) => anEntry(seq + 1 + index));
      stored = await store.save(stored, change({ ...stored.lane, id: lane }, { journal }));
      seq += count;
    };
    while (seq < 1_100) await write(39);
    let isOver = false;
    const verified = run(['--lane', lane, '--json']).finally(() => {
      isOver = true;
    });
    while (!isOver) await write(1);
    const ended = await verified;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const [{ entries, head } = { entries: 0, head: { seq: 0 } }] = judgedBy(ended);
    expect(entries).toBeGreaterThan(1_100);
    expect(head.seq).toBe(entries);

    await remove(lane, 50);
    expect((await run(['--lane', lane])).stdout).toMatch(/BROKEN at entry 51: missing: it does not follow entry 49/);
  });

  test('a chain made anew is found by the head that was kept elsewhere, and a longer one leads over it', {
    timeout: 60_000,
  }, async () => {
    const lane = await written();
    const kept = join(dir, 'heads.json');
    writeFileSync(kept, (await run(['--json', '--lane', lane])).stdout);
    const store = laneStore(openTables({ connectionString: storage.connectionString }, noCredential)('Lanes'));
    const stored = await store.load(lane);
    await store.save(stored, change(stored.lane, { journal: [anEntry(7)] }));
    expect(await run(['--lane', lane, '--heads', kept])).toMatchObject({ code: 0 });

    for await (const { rowKey } of rows.listEntities({ queryOptions: { filter: `PartitionKey eq '${lane}'` } }))
      await rows.deleteEntity(lane, String(rowKey), { etag: '*' });
    const empty = await store.load(lane);
    const journal = [1, 2, 4, 5, 6, 7].map((seq) => anEntry(seq, { told: 'nothing happened' }));
    await store.save(empty, change(emptyLane(lane), { journal }));
    expect(await run(['--lane', lane])).toMatchObject({ code: 0 });
    const found = await run(['--lane', lane, '--heads', kept]);
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(
      /BROKEN at entry 6: written anew: the journal does not lead over its recorded head, 6 [0-9a-f]{64}\n/,
    );

    writeFileSync(
      kept,
      JSON.stringify({ lanes: [{ lane: 'gone@production', head: { seq: 3, hash: 'a'.repeat(64) } }] }),
    );
    const gone = await run(['--heads', kept]);
    expect(gone.code).toBe(1);
    expect(gone.stdout).toMatch(
      /^gone@production .* BROKEN: missing: nothing of the lane is left; its head was recorded as 3 a{64}$/m,
    );
  });

  test.each([
    {
      when: 'no storage is named',
      args: [],
      env: {},
      says: /^these settings are not usable:\n {2}Storage: is missing/,
    },
    {
      when: 'nobody answers',
      args: [],
      env: { Storage: connectionString({ blob: 1, table: 1 }) },
      says: /^the table Lanes at http:\/\/127\.0\.0\.1:1 cannot be read: .*\n$/,
    },
    {
      when: 'there is no such lane',
      args: ['--lane', 'nobody@production'],
      says: /^there is no lane nobody@production in the table Lanes\n$/,
    },
    {
      when: 'the heads are not there',
      args: ['--heads', '/no/such/file'],
      says: /^\/no\/such\/file cannot be read\n$/,
    },
    {
      when: 'the heads are something else',
      args: ['--heads', fileURLToPath(import.meta.url)],
      says: /is not what verify-journal --json printed: the text is not JSON/,
    },
    { when: 'an option is unknown', args: ['--all'], says: /^Unknown option '--all'; --help tells what there is\n$/ },
  ])('cannot tell when $when: 2, and one clear sentence', { timeout: 60_000 }, async ({ args, env, says }) => {
    const ended = await run(args, env);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr).not.toMatch(/^ +at /m);
  });
});

test('the command line', () => {
  expect(readVerifyOptions([])).toEqual({ lane: null, heads: null, json: false, help: false });
  expect(readVerifyOptions(['--lane', 'a@b', '--heads', 'f', '--json'])).toMatchObject({
    lane: 'a@b',
    heads: 'f',
    json: true,
  });
  expect(() => readVerifyOptions(['--lane', ' '])).toThrow(/names no lane/);
  expect(() => readVerifyOptions(['more'])).toThrow(/Unexpected argument 'more'/);
});
