import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from '../../../../infra/local/service-bus/broker/heap.ts';

interface Entry {
  rank: number;
  live: boolean;
}

const newHeap = () =>
  new Heap<Entry>(
    (entry) => entry.rank,
    (entry) => entry.live,
  );

test('entries come out by rank, the dead ones not at all', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ rank: fc.integer(), dies: fc.boolean() }), { maxLength: 300 }), (given) => {
      const heap = newHeap();
      const entries = given.map(({ rank }) => ({ rank, live: true }));
      for (const entry of entries) heap.push(entry);
      for (const [index, { dies }] of given.entries()) {
        const entry = entries[index];
        if (!dies || entry === undefined) continue;
        entry.live = false;
        heap.died();
      }
      const expected = entries.filter((entry) => entry.live).map((entry) => entry.rank);
      expect(drain(heap)).toEqual(expected.sort((one, other) => one - other));
    }),
  );
});

test('looking does not take', () => {
  const heap = newHeap();
  heap.push({ rank: 2, live: true });
  heap.push({ rank: 1, live: true });
  expect([heap.peek()?.rank, heap.peek()?.rank, heap.pop()?.rank, heap.pop()?.rank, heap.pop()]).toEqual([
    1,
    1,
    1,
    2,
    undefined,
  ]);
});

function drain(heap: Heap<Entry>): number[] {
  const ranks: number[] = [];
  for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) ranks.push(entry.rank);
  return ranks;
}
