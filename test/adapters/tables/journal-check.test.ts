import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chained, hashOf, noEntries } from '../../../shared/adapters/tables/journal-chain.ts';
import { faultIn, type JournalFault, liesOn, linkOf } from '../../../shared/adapters/tables/journal-check.ts';
import { journalKey } from '../../../shared/adapters/tables/lane-rows.ts';
import { type Row, toRow } from '../../../shared/adapters/tables/row.ts';
import type { JournalEntry } from '../../../shared/lane/effect.ts';
import type { JournalHead } from '../../../shared/ports.ts';
import { anEntry } from '../../contract/builders.ts';

/** A journal as it lies in its table: newest first, and the head that the lane row carries. */
interface Journal {
  rows: Row[];
  head: JournalHead;
}

/** Numbers rise; not every move writes an entry. `saves`: how many entries each save wrote. */
function journalOf(lane: string, entries: JournalEntry[], saves: number[] = [entries.length]): Journal {
  const rows: Row[] = [];
  let head = noEntries;
  let from = 0;
  for (const count of [...saves, entries.length]) {
    const some = entries.slice(from, from + count).map((entry) => ({
      seq: entry.seq,
      row: toRow(lane, journalKey(entry.seq), entry, { deployment: entry.deployment ?? '' }),
    }));
    from += count;
    const written = chained(head, some);
    head = written.head;
    rows.unshift(...written.rows.toReversed());
  }
  return { rows, head };
}

const judge = ({ rows, head }: Journal): JournalFault | null =>
  faultIn(rows.toSorted((a, b) => (a.rowKey < b.rowKey ? -1 : 1)).map(linkOf), { before: head, after: head });

const entries = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 1, max: 3 }),
      told: fc.string({ unit: 'binary' }),
      by: fc.option(fc.string()),
      deployment: fc.option(fc.constantFrom('d1', 'd2')),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) => {
    let seq = 0;
    return all.map(({ gap, told, by, deployment }) => {
      seq += gap;
      return anEntry(seq, { told, by, deployment: deployment as JournalEntry['deployment'] });
    });
  });
const journals = fc
  .tuple(entries, fc.array(fc.integer({ min: 1, max: 4 })))
  .map(([all, saves]) => journalOf('shop@production', all, saves));

/** What somebody may do to a journal in its table with one write, or by swapping; `at`, `to`: which rows. */
type Mutation = (journal: Journal, at: number, to: number) => Journal;

const replaced = (rows: Row[], at: number, row: Row): Row[] => rows.with(at, row);
const pick = (rows: Row[], at: number): Row => {
  const row = rows[at % rows.length];
  if (row === undefined) throw new Error('a journal has at least one row');
  return row;
};
const editing =
  (edit: (row: Row) => Row): Mutation =>
  ({ rows, head }, at) => ({ rows: replaced(rows, at % rows.length, edit(pick(rows, at))), head });

const mutations: Record<string, Mutation> = {
  'the text of an entry': editing((row) => ({
    ...row,
    state: String(row.state).replace(/"input":"[^"]*"/, '"input":"x"'),
  })),
  'a space in its text': editing((row) => ({ ...row, state: `${String(row.state)} ` })),
  'more text behind it': editing((row) => ({ ...row, state2: '' })),
  'the deployment it is found by': editing((row) => ({ ...row, deployment: `${String(row.deployment)}x` })),
  'its schema': editing((row) => ({ ...row, schema: 3 })),
  'its schema, by type': editing((row) => ({ ...row, schema: String(row.schema) })),
  'its schema, as a long number': editing((row) => ({ ...row, schema: 2n })),
  'a property more': editing((row) => ({ ...row, note: 1 })),
  'a property called as those of the service': editing((row) => ({ ...row, 'odata.note': 'seen' })),
  'a property that objects have by themselves': editing((row) => ({ ...row, constructor: 'seen' })),
  'a property called etag': editing((row) => ({ ...row, etag: 'seen' })),
  'a property called etag, which begins as one': editing((row) => ({
    ...row,
    etag: 'W/"datetime\'2026-01-31T12%3A00%3A00.0000000Z\'" and more',
  })),
  'a property called timestamp': editing((row) => ({ ...row, timestamp: 'seen' })),
  'a property called timestamp, of another kind': editing((row) => ({ ...row, timestamp: 1 })),
  'a property less': editing(({ deployment: _, ...row }) => row as Row),
  'its hash': editing((row) => ({ ...row, hash: 'f'.repeat(64) })),
  'no hash': editing(({ hash: _, ...row }) => row as Row),
  'the hash before it': editing((row) => ({ ...row, previous: 'f'.repeat(64) })),
  'the hash before it, and its own made anew': editing((row) => {
    const edited = { ...row, previous: 'f'.repeat(64) };
    return { ...edited, hash: hashOf(edited) };
  }),
  'its text, and its hash made anew': editing((row) => {
    const edited = { ...row, state: String(row.state).replace(/"input":"[^"]*"/, '"input":"x"') };
    return { ...edited, hash: hashOf(edited) };
  }),
  'one taken away': ({ rows, head }, at) => ({ rows: rows.filter((row) => row !== pick(rows, at)), head }),
  'all taken away': ({ head }) => ({ rows: [], head }),
  'one put under another number': ({ rows, head }, at) => ({
    rows: replaced(rows, at % rows.length, { ...pick(rows, at), rowKey: journalKey(900) }),
    head,
  }),
  'one twice': ({ rows, head }, at) => ({ rows: [...rows, { ...pick(rows, at), rowKey: journalKey(900) }], head }),
  'one put in between, well made': ({ rows, head }, at) => {
    const { previous } = pick(rows, at);
    const seq = 900;
    const { rows: more } = chained({ seq: 0, hash: String(previous) }, [
      { seq, row: toRow('shop@production', journalKey(seq), anEntry(seq), { deployment: '' }) },
    ]);
    return { rows: [...rows, ...more], head };
  },
  'one put at the end, well made': ({ rows, head }) => {
    const seq = head.seq + 1;
    const { rows: more } = chained(head, [
      { seq, row: toRow('shop@production', journalKey(seq), anEntry(seq), { deployment: '' }) },
    ]);
    return { rows: [...more, ...rows], head };
  },
  'one that is no entry': ({ rows, head }) => ({ rows: [...rows, { ...pick(rows, 0), rowKey: 'journal!x' }], head }),
  'all of another lane': ({ rows, head }) => ({ rows: rows.map((row) => ({ ...row, partitionKey: 'other' })), head }),
  'a journal of another lane, with its head unchanged': ({ head }) => ({
    rows: journalOf('other@production', [anEntry(1)]).rows,
    head,
  }),
  'the number in the head': ({ rows, head }) => ({ rows, head: { ...head, seq: head.seq + 1 } }),
  'the hash in the head': ({ rows, head }) => ({ rows, head: { ...head, hash: 'f'.repeat(64) } }),
  'the head forgotten': ({ rows }) => ({ rows, head: noEntries }),
};

describe('a journal', () => {
  test('that nobody touched is well, however many entries each save wrote', () => {
    fc.assert(
      fc.property(journals, (journal) => {
        expect(judge(journal)).toBeNull();
        for (const { hash } of journal.rows) expect(hash).toMatch(/^[0-9a-f]{64}$/);
      }),
      { seed: 1 },
    );
  });

  test.each(Object.entries(mutations))('is not well after: %s', (_, mutate) => {
    fc.assert(
      fc.property(journals, fc.nat(), fc.nat(), (journal, at, to) => {
        expect(judge(mutate(journal, at, to))).not.toBeNull();
      }),
      { seed: 1 },
    );
  });

  test('is not well after two entries changed places, with or without their hashes', () => {
    fc.assert(
      fc.property(journals, fc.nat(), fc.nat(), fc.boolean(), ({ rows, head }, at, to, withHashes) => {
        const [one, other] = [pick(rows, at), pick(rows, to)];
        fc.pre(one !== other);
        const into = (place: Row, from: Row): Row =>
          withHashes ? { ...from, rowKey: place.rowKey } : { ...place, state: from.state };
        const swapped = rows.map((row) => (row === one ? into(one, other) : row === other ? into(other, one) : row));
        expect(judge({ rows: swapped, head })?.what).toBe('out of order');
      }),
      { seed: 1 },
    );
  });
});

test('what the service says of a row is no part of it', () => {
  const { rows, head } = journalOf('shop@production', [anEntry(1)]);
  const told = {
    etag: 'W/"datetime\'2026-01-31T12%3A00%3A00.1234567Z\'"',
    timestamp: '2026-01-31T12:00:00.1234567Z',
  };
  expect(judge({ rows: rows.map((row) => ({ ...row, ...told })), head })).toBeNull();
});

describe('what is wrong is said of the first entry that is', () => {
  const five = journalOf(
    'shop@production',
    [1, 2, 4, 5, 6].map((seq) => anEntry(seq)),
  );
  const [sixth, fifth, fourth, second, first] = five.rows;
  if (!sixth || !fifth || !fourth || !second || !first) throw new Error('five entries were made');
  const without = (row: Row): Journal => ({ rows: five.rows.filter((one) => one !== row), head: five.head });
  const forged = chained({ seq: 2, hash: String(second.hash) }, [
    { seq: 3, row: toRow('shop@production', journalKey(3), anEntry(3), { deployment: '' }) },
  ]).rows;

  test.each([
    {
      is: 'edited',
      journal: { ...five, rows: five.rows.with(2, { ...fourth, deployment: 'x' }) },
      seq: 4,
      what: 'edited',
    },
    { is: 'the first taken away', journal: without(first), seq: 2, what: 'missing' },
    { is: 'one in the middle taken away', journal: without(fourth), seq: 5, what: 'missing' },
    { is: 'the last taken away', journal: without(sixth), seq: 6, what: 'tail cut' },
    { is: 'one put in', journal: { ...five, rows: [...five.rows, ...forged] }, seq: 3, what: 'put in' },
  ])('$is', ({ journal, seq, what }) => {
    expect(judge(journal)).toMatchObject({ seq, what });
  });

  test('entries written while the journal was read are no fault; the head before and after frames them', () => {
    const upTo = (seq: number): JournalHead => ({
      seq,
      hash: String(five.rows.find(({ rowKey }) => rowKey === journalKey(seq))?.hash),
    });
    const links = five.rows.map(linkOf);
    expect(faultIn(links, { before: upTo(4), after: five.head })).toBeNull();
    expect(faultIn(links.slice(1), { before: upTo(4), after: five.head })).toBeNull();
    expect(faultIn(links, { before: upTo(4), after: upTo(5) })).toMatchObject({ seq: 6, what: 'put in' });
    expect(faultIn(links.slice(3), { before: upTo(4), after: five.head })).toMatchObject({ seq: 3, what: 'tail cut' });
  });

  test('a chain made anew to its end, head and all, is well by itself; a head kept elsewhere does not lie on it', () => {
    const anew = journalOf(
      'shop@production',
      [1, 2, 4, 5, 6].map((seq) => anEntry(seq, { told: 'nothing happened' })),
    );
    expect(judge(anew)).toBeNull();
    expect(liesOn(anew.rows.map(linkOf), five.head)).toBe(false);
    expect(liesOn(five.rows.map(linkOf), { seq: 4, hash: String(fourth.hash) })).toBe(true);
  });
});

test('an entry is never chained behind a later one', () => {
  const { head } = journalOf('shop@production', [anEntry(3)]);
  const row = toRow('shop@production', journalKey(3), anEntry(3));
  expect(() => chained(head, [{ seq: 3, row }])).toThrow(/is number 3; the journal is at 3 already/);
});
