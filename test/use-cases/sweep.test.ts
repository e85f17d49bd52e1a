import { beforeEach, expect, test } from 'vitest';
import { laneStore } from '../../shared/adapters/tables/lane-store.ts';
import type { Input } from '../../shared/lane/input.ts';
import { emptyLane } from '../../shared/lane/lane.ts';
import { type LaneId, laneId } from '../../shared/lane/words.ts';
import { type Ports, Unavailable } from '../../shared/ports.ts';
import { sweep } from '../../shared/use-cases/sweep.ts';
import { encodeInput } from '../../shared/wire/inputs.ts';
import { at, later } from '../builders/time.ts';
import { MemoryRows, memoryTable, straight } from '../ports/memory-table.ts';

const lanes = ['a', 'b', 'c'].map((app) => laneId(app, 'production'));
const now = at('10:05');

let rows: MemoryRows;
let sent: string[];
let logged: unknown[];
let isDown: boolean;

/** Three lanes that were to be looked after ten minutes ago. */
beforeEach(async () => {
  rows = new MemoryRows('Lanes');
  sent = [];
  logged = [];
  isDown = false;
  const store = laneStore(memoryTable(rows, straight));
  for (const lane of lanes) await overdue(store, lane);
});

async function overdue(store: Ports['lanes'], lane: LaneId): Promise<void> {
  await store.save(await store.load(lane), {
    lane: { ...emptyLane(lane), wakeAt: later(now, -600_000), step: 3 },
    effects: [],
    settled: [],
    journal: [],
    records: [],
    builds: [],
    seen: [],
    attentionAt: later(now, -600_000),
    traces: {},
  });
}

const swept = () =>
  sweep(
    {
      now: () => now,
      lanes: laneStore(memoryTable(rows, straight)),
      apps: { lanes: () => [...lanes, laneId('new', 'production')] },
      inbox: {
        send: async (input: Input) => {
          if (isDown) throw new Unavailable('Service Bus does not answer');
          encodeInput(input, 0);
          sent.push(input.id);
        },
      },
      log: { info: () => undefined, error: (what: string, facts: object) => void logged.push({ what, ...facts }) },
    } as unknown as Ports,
    60_000,
    7,
  );

test('every lane that is overdue is woken, and those nobody touched yet', async () => {
  expect(await swept()).toEqual({ woken: 4 });
  expect(sent).toEqual([...lanes.map((lane) => `${lane}~wake3`), 'new@production~wake0']);
});

test('a row that cannot be decoded parks its own lane only', async () => {
  const [first] = lanes;
  const row = rows.query({ filter: `PartitionKey eq '${String(first)}' and RowKey eq 'lane'` })[0];
  if (row === undefined) throw new Error('no row');
  rows.transact([{ write: 'put', row: { ...row, state: '{"cut off' } }]);
  expect(await swept()).toEqual({ woken: 4 });
});

test('a row that names no lane keeps no other from being woken', async () => {
  const [first] = lanes;
  const row = rows.query({ filter: `PartitionKey eq '${String(first)}' and RowKey eq 'lane'` })[0];
  if (row === undefined) throw new Error('no row');
  rows.transact([{ write: 'put', row: { ...row, lane: 'No Lane' } }]);
  expect(await swept()).toEqual({ woken: 3 });
  expect(sent).toEqual(['b@production~wake3', 'c@production~wake3', 'new@production~wake0']);
  expect(logged).toMatchObject([{ what: 'a lane could not be woken', lane: 'No Lane' }]);
});

test('while the bus is down it ends, and the next minute tries again', async () => {
  isDown = true;
  await expect(swept()).rejects.toThrow(Unavailable);
});
