import { expect, test } from 'vitest';
import { errorStore } from '../../../shared/adapters/tables/error-store.ts';
import type { Table } from '../../../shared/adapters/tables/table.ts';
import type { Fingerprint } from '../../../shared/lane/words.ts';
import { type FoldPorts, fold } from '../../../shared/use-cases/fold.ts';
import { aDelta, freshLane } from '../../contract/builders.ts';
import { MemoryRows, memoryTable } from '../../ports/memory-table.ts';

/** Rows a table gives with one request. */
const PAGE = 1_000;
const MINUTE = 60_000;

/** A table that counts what Table Storage would have been asked. */
function counted(name: string, asked: { requests: number }): Table {
  const table = memoryTable(new MemoryRows(name));
  return {
    ...table,
    async query(options) {
      const rows = await table.query(options);
      asked.requests += Math.max(1, Math.ceil(rows.length / PAGE));
      return rows;
    },
    async transact(writes) {
      asked.requests += 1;
      return table.transact(writes);
    },
    async write(write) {
      asked.requests += 1;
      return table.write(write);
    },
  };
}

test('with hours of load behind, 1,000 reports a minute cost at most 40 requests each 1,000, compaction included', {
  timeout: 60_000,
}, async () => {
  const asked = { requests: 0 };
  let now = new Date('2026-03-02T00:00:00Z');
  const lane = freshLane();
  const errors = errorStore(
    { deltas: counted('ErrorDeltas', asked), groups: counted('ErrorGroups', asked) },
    () => now,
  );
  const ports: FoldPorts = {
    now: () => now,
    log: { info: () => undefined, error: () => undefined },
    errors,
    events: { publish: async () => undefined },
    markers: { put: async () => undefined, get: async () => null, list: async () => [], inForceAt: async () => null },
  };
  /** A hundred messages of ten reports each, of one of twenty errors. */
  const aMinute = async (): Promise<void> => {
    now = new Date(now.getTime() + MINUTE);
    await errors.append(
      Array.from({ length: 100 }, (_, index) =>
        aDelta(lane, { minute: now, batch: `b${index}`, count: 10, fingerprint: `f${index % 20}` as Fingerprint }),
      ),
    );
  };
  // Nobody folded for hours: a few folds make that good.
  for (let minutes = 0; minutes < 160; minutes += 1) await aMinute();
  for (let times = 0; times < 2; times += 1) await fold(ports, lane);
  const left = await errors.deltas(lane, new Date(0));
  expect(left[0]?.minute.getTime()).toBeGreaterThan(now.getTime() - 136 * MINUTE);

  asked.requests = 0;
  for (let minutes = 0; minutes < 16; minutes += 1) {
    await aMinute();
    await fold(ports, lane);
  }
  // Measured: 20.
  expect(asked.requests / 16).toBeLessThanOrEqual(40);
  const total = (await errors.groups(lane)).reduce((sum, { group }) => sum + group.total, 0);
  expect(total).toBe(176_000);
});
