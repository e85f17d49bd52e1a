import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decode } from '../../shared/adapters/tables/codec.ts';
import { fromRow } from '../../shared/adapters/tables/row.ts';
import { decide } from '../../shared/lane/decide.ts';
import { openAct } from '../../shared/lane/finish.ts';
import type { DeploymentRecord, Lane, Outcome, StageName } from '../../shared/lane/lane.ts';
import type { Act } from '../../shared/lane/swap/act.ts';
import { anew, emptyTables, type Forms, formsNow, kinds } from './forms.ts';
import { type History, readHistory } from './history.ts';
import { differences } from './replay.ts';

/** What each version stored, and how its lives went on, is kept; today's code reads it and goes on alike from any moment of it. */

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'test/fixtures/golden');
const { version: current } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const versions = readdirSync(folder);

const textOf = (version: string, name: string): string =>
  gunzipSync(readFileSync(join(folder, version, name))).toString();
const livesOf = (version: string): History[] =>
  readdirSync(join(folder, version))
    .filter((name) => name !== 'forms.json.gz')
    .map((name) => readHistory(textOf(version, name)));
const formsOf = (version: string): Forms => decode<Forms>(textOf(version, 'forms.json.gz'));

const whatToDo = (version: string): string =>
  `What ${version} stored lies in tables and queues. If ${version} was released: raise SCHEMA (shared/adapters/tables/row.ts) or the form of the ` +
  `message, go on reading the older one, keep this set as it is, and write one of the new version: npm run golden -- --write. ` +
  `If it was not: remove test/fixtures/golden/${version} and write it anew the same way.`;

test('this version has its set', () => {
  expect(existsSync(join(folder, current)), `write the set of ${current}: npm run golden -- --write`).toBe(true);
});

describe.each(versions)('%s', (version) => {
  const all = livesOf(version);

  test.each(all.map((history) => [history.life, history] as const))('%s', async (_, history) => {
    expect(history.happenings.length).toBeGreaterThan(10);
    const bytes = version === current;
    expect(await differences(history, { bytes }), whatToDo(version)).toEqual([]);
    // As it will be judged once another version is current.
    expect(await differences(history, { bytes: false }), whatToDo(version)).toEqual([]);
  });

  test('each message of its lives is read, and made the same again', () => {
    const messages = [...all.flatMap((history) => history.messages), ...formsOf(version).messages];
    expect(messages.length).toBeGreaterThan(50);
    for (const message of messages) {
      const made: unknown = JSON.parse(JSON.stringify(anew(message)));
      if (version === current) expect(made, whatToDo(version)).toEqual(message.body);
    }
  });

  test.each(formsOf(version).stored.map((form) => [form.kind, form] as const))(
    '%s are read, and written the same',
    async (kind, form) => {
      const of = kinds[kind];
      if (of === undefined) throw new Error(`${kind} is not known any more. ${whatToDo(version)}`);
      const then = emptyTables();
      then.fill(form.rows);
      expect(await of.read(then.tables), whatToDo(version)).toEqual(form.read);
      const now = emptyTables();
      await of.write(now.tables);
      if (version === current && !of.isCompressed) expect(now.dump(), whatToDo(version)).toEqual(form.rows);
    },
  );
});

test('this set has every kind of row and message there is', async () => {
  const [then, now] = [formsOf(current), await formsNow()];
  expect(
    then.stored.map(({ kind }) => kind),
    whatToDo(current),
  ).toEqual(now.stored.map(({ kind }) => kind));
  expect(then.messages, whatToDo(current)).toEqual(now.messages);
});

describe('the lives of this version', () => {
  const met = new Set<string>();
  for (const { happenings } of livesOf(current)) {
    for (const { decided, saved } of happenings) {
      if (decided?.event.type === 'settled') met.add(`result of ${decided.event.of}`);
      for (const row of saved?.rows ?? []) {
        if (row.rowKey.startsWith('deployment!')) met.add(`outcome ${fromRow<DeploymentRecord>(row).outcome}`);
        if (row.rowKey !== 'lane') continue;
        const lane = fromRow<Lane>(row);
        const act = openAct(lane);
        met.add(`stage ${lane.active?.stage ?? 'idle'}`);
        if (lane.queue.length > 0) met.add('stage queued');
        if (lane.hold !== null) met.add('hold');
        if (act !== null) met.add(`act ${act.step}`).add(`goal ${act.goal.kind}`);
      }
    }
  }
  const stages: Record<Exclude<StageName, 'done'> | 'idle', true> = {
    idle: true,
    queued: true,
    staging: true,
    warming: true,
    verifying: true,
    'awaiting-approval': true,
    swapping: true,
    watching: true,
    'awaiting-rollback': true,
    'rolling-back': true,
  };
  const steps: Record<Act['step'], true> = { planned: true, sending: true, accepted: true, quiet: true, looking: true };
  const goals: Record<Act['goal']['kind'], true> = { publish: true, settings: true, reset: true, swap: true };
  const outcomes: Outcome[] = ['live', 'rolled-back', 'failed', 'rejected', 'superseded', 'needs-human'];

  test.each([
    ...Object.keys(stages).map((name) => `stage ${name}`),
    ...Object.keys(steps).map((name) => `act ${name}`),
    ...Object.keys(goals).map((name) => `goal ${name}`),
    ...outcomes.map((name) => `outcome ${name}`),
    ...['look', 'act', 'poll', 'copy-package', 'warm', 'verify', 'judge'].map((name) => `result of ${name}`),
    'hold',
  ])('meet: %s', (what) => {
    expect([...met]).toContain(what);
  });
});

describe('planted: a change is noticed where', () => {
  const history = (): History => {
    const found = livesOf(current).find(({ life }) => life === 'rolled back by itself');
    if (found === undefined) throw new Error('that life is not there');
    return found;
  };
  /** The life with each text that was stored changed. */
  const restored = (change: (state: string) => string): History => {
    const changed = history();
    for (const { saved } of changed.happenings)
      for (const row of saved?.rows ?? []) row.state = change(String(row.state));
    return changed;
  };

  test('a word of what is stored gets another name', async () => {
    const renamed = restored((state) => state.replaceAll('"inARow"', '"warmInARow"'));
    for (const bytes of [true, false]) expect(await differences(renamed, { bytes })).not.toEqual([]);
  });

  test('the text is encoded otherwise', async () => {
    const found = await differences(
      restored((state) => state.replaceAll('"$date"', '"$at"')),
      { bytes: false },
    );
    expect(found.length).toBeGreaterThan(10);
  });

  test('rows come to be of another schema', async () => {
    const newer = history();
    for (const { saved } of newer.happenings) for (const row of saved?.rows ?? []) row.schema = 3;
    expect((await differences(newer, { bytes: false }))[0]).toMatch(
      /has schema 3, which is newer than this version reads/,
    );
  });

  test.each([
    {
      what: 'the journal says something else',
      other: (decision: ReturnType<typeof decide>) =>
        decision.kind === 'move' ? { ...decision, told: `${decision.told}.` } : decision,
    },
    {
      what: 'an effect is not asked for',
      other: (decision: ReturnType<typeof decide>) =>
        decision.kind === 'move' ? { ...decision, effects: decision.effects.slice(1) } : decision,
    },
    {
      what: 'a state is another',
      other: (decision: ReturnType<typeof decide>) =>
        decision.kind === 'move' ? { ...decision, lane: { ...decision.lane, step: decision.lane.step + 1 } } : decision,
    },
    {
      what: 'what was acted upon is ignored',
      other: (decision: ReturnType<typeof decide>) =>
        decision.kind === 'move' ? ({ kind: 'ignore', because: 'no', keep: null } as const) : decision,
    },
  ])('$what', async ({ other }) => {
    for (const bytes of [true, false]) {
      const found = await differences(history(), { bytes, decide: (...asked) => other(decide(...asked)) });
      expect(found.length).toBeGreaterThan(5);
    }
  });

  test('a message says another form', () => {
    for (const { queue, body } of formsOf(current).messages) {
      const newer = JSON.parse(JSON.stringify(body).replace('"form":1', '"form":2')) as unknown;
      if (queue !== 'slack')
        expect(() => anew({ queue, body: newer })).toThrow(/form: must be 1: another version wrote this/);
      else expect(() => anew({ queue, body: String(body).replace('{', '{"form":2,') })).toThrow(/form: must be 1/);
    }
  });
});
