import { expect, test } from 'vitest';
import { deltaRows, deltasIn } from '../../../shared/adapters/tables/error-delta-rows.ts';
import { errorStore } from '../../../shared/adapters/tables/error-store.ts';
import type { Fingerprint, Version } from '../../../shared/lane/words.ts';
import { aDelta, at, freshLane } from '../../contract/builders.ts';
import { MemoryRows, memoryTable } from '../../ports/memory-table.ts';

const lane = freshLane();
const errors = (count: number, more: Partial<Parameters<typeof aDelta>[1]> = {}) =>
  Array.from({ length: count }, (_, index) =>
    aDelta(lane, { fingerprint: `f${String(index).padStart(4, '0')}` as Fingerprint, ...more }),
  );

test('what one message says of a version and minute is one row', () => {
  const rows = deltaRows([
    ...errors(10, { batch: 'm1' }),
    ...errors(10, { batch: 'm2' }),
    ...errors(1, { batch: 'm1', minute: at('10:01') }),
    ...errors(1, { batch: 'm1', version: '9' as Version }),
  ]);
  expect(rows.map((row) => deltasIn(row).length)).toEqual([10, 10, 1, 1]);
  expect(new Set(rows.map(({ partitionKey, rowKey }) => `${partitionKey}/${rowKey}`)).size).toBe(4);
});

test('a message with more different errors than a row holds is several rows, the same ones each time', () => {
  const deltas = errors(200, { batch: 'm1' });
  const rows = deltaRows(deltas);
  expect(rows.map((row) => deltasIn(row).length)).toEqual([80, 80, 40]);
  expect(rows.flatMap(deltasIn)).toEqual(deltas);
  expect(deltaRows(deltas)).toEqual(rows);
});

test('the fullest row fits where nothing in it repeats', () => {
  const noise = (seed: number): string =>
    Array.from({ length: 4_000 }, (_, index) =>
      String.fromCharCode(33 + ((Math.imul(seed * 4_001 + index, 2_654_435_761) >>> 9) % 90)),
    ).join('');
  const deltas = errors(80).map((delta, seed) => ({ ...delta, sample: { ...delta.sample, message: noise(seed) } }));
  const [row, ...others] = deltaRows(deltas);
  if (row === undefined) throw new Error('there is a row');
  expect(others).toEqual([]);
  expect(deltasIn(row)).toEqual(deltas);
});

test('compaction over many rows, messages and errors is exact, and so is what comes after it', async () => {
  const deltaTable = new MemoryRows('ErrorDeltas');
  const store = errorStore(
    { deltas: memoryTable(deltaTable), groups: memoryTable(new MemoryRows('ErrorGroups')) },
    () => at('12:00'),
  );
  const minutes = ['10:00', '10:01', '10:02'];
  const sent = minutes.flatMap((minute) =>
    Array.from({ length: 40 }, (_, message) => errors(90, { minute: at(minute), batch: `m${message}` })).flat(),
  );
  await store.append(sent);
  expect(await store.compact(lane, at('10:02'))).toEqual({ deleted: 2 * 40 * 90 });
  expect(await store.deltas(lane, at('00:00'))).toHaveLength(40 * 90);
  expect(await store.compact(lane, at('10:03'))).toEqual({ deleted: 40 * 90 });
  const sums = await store.sums(lane);
  expect(sums).toHaveLength(90);
  expect(new Set(sums.map(({ count, late }) => `${count} ${late}`))).toEqual(new Set(['120 0']));
  expect(new Set(sums.map(({ countedThrough }) => countedThrough.getTime()))).toEqual(new Set([at('10:02').getTime()]));
});
