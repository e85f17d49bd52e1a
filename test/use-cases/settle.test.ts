import { beforeEach, expect, test } from 'vitest';
import type { Effect, PendingEffect } from '../../shared/lane/effect.ts';
import type { DeploymentId } from '../../shared/lane/words.ts';
import { type LaneChange, type Ports, type StoredLane, Unavailable } from '../../shared/ports.ts';
import { settle } from '../../shared/use-cases/settle.ts';
import { idleLane } from '../builders/lane.ts';
import { aLook, holding } from '../builders/look.ts';
import { aPolicy, timing } from '../builders/policy.ts';
import { lane } from '../builders/record.ts';
import { at, later } from '../builders/time.ts';
import { noScope } from '../ports/no-scope.ts';

/** Everything takes as long as `takesMs` says, by both clocks. */
let passed: number;
let takesMs: number;
let told: string[];
let looks: number;
let isDown: boolean;
let saves: LaneChange[];

const now = (): Date => later(at('10:05'), passed);

const ports = {
  now,
  monotonic: () => passed,
  newId: () => '0a1b2c3d-0000-4000-8000-000000000000',
  timing,
  stopped: false,
  apps: { lanes: () => [lane], policy: () => aPolicy(), defaultEnvironment: () => null },
  lanes: {
    save: async (stored: StoredLane, change: LaneChange): Promise<StoredLane> => {
      saves.push(change);
      const gone = new Set([...change.settled, ...change.effects.map(({ seq }) => seq)]);
      const pending = [...stored.pending.filter(({ seq }) => !gone.has(seq)), ...change.effects];
      return { ...stored, lane: change.lane, pending: pending.sort((a, b) => a.seq - b.seq) };
    },
    deployment: async () => null,
  },
  events: {
    publish: async ({ subject }: { subject: string }) => {
      passed += takesMs;
      if (isDown) throw new Unavailable('the topic is down');
      told.push(subject);
    },
  },
  site: {
    look: async () => {
      passed += takesMs;
      looks += 1;
      // Each look sees another stranger, so that every one moves the lane.
      return aLook({ at: now(), production: holding(`2.${looks}.0`) });
    },
  },
  log: { info: () => undefined, error: () => undefined },
  scope: noScope,
} as unknown as Ports;

const announce = (index: number): Effect => ({ type: 'announce', deployment: `d-${index}` as DeploymentId });
const look: Effect = { type: 'look', deployment: null, intent: null };

function pendingIn(effects: Effect[]): StoredLane {
  const pending = effects.map(
    (effect, index): PendingEffect => ({ seq: index + 1, effect, notBefore: null, tries: 0 }),
  );
  const state = idleLane({ wakeAt: later(at('10:05'), 300_000), effectSeq: effects.length });
  return { lane: state, pending, etag: 'e', journal: { seq: 0, hash: '' }, traces: {} };
}
const many = (effect: (index: number) => Effect, count: number): Effect[] =>
  Array.from({ length: count }, (_, index) => effect(index));

beforeEach(() => {
  passed = 0;
  takesMs = 1;
  told = [];
  looks = 0;
  isDown = false;
  saves = [];
});

test('what only tells is carried out together and settled in one write', async () => {
  const { pending } = await settle(ports, pendingIn(many(announce, 12)), 'input', 0);
  expect(pending).toEqual([]);
  expect(told).toHaveLength(12);
  expect(saves).toHaveLength(1);
});

test('twenty seconds after it began nothing more is begun, and what is left comes with a clock of its own', async () => {
  takesMs = 3_000;
  const { pending, lane: after } = await settle(ports, pendingIn(many(announce, 12)), 'input', 0);
  expect(told).toHaveLength(7);
  expect(pending.map(({ seq }) => seq)).toEqual([8, 9, 10, 11, 12]);
  expect(pending[0]?.notBefore).toEqual(later(now(), 1_000));
  expect(after).toMatchObject({ wakeAt: later(now(), 1_000), step: 8 });
});

test('the time counts from the beginning of the invocation, whatever it did before', async () => {
  passed = 20_001;
  const { pending } = await settle(ports, pendingIn([announce(1), look]), 'input', 0);
  expect([told, looks]).toEqual([[], 0]);
  expect(pending.map(({ notBefore }) => notBefore)).toEqual([later(now(), 1_000), later(now(), 1_000)]);
});

test('an invocation carries out eight effects that move the lane, and leaves the rest for soon', async () => {
  const { pending, lane: after } = await settle(ports, pendingIn(many(() => look, 11)), 'input', 0);
  expect(looks).toBe(8);
  expect(pending.map(({ seq }) => seq)).toEqual([9, 10, 11]);
  expect(after.wakeAt).toEqual(later(now(), 1_000));
});

test('what moves the lane goes before what only tells of it', async () => {
  takesMs = 15_000;
  const { pending } = await settle(ports, pendingIn([announce(1), look]), 'input', 0);
  expect([looks, told]).toEqual([1, ['d-1']]);
  expect(pending).toEqual([]);
});

test('what is down is asked once; the rest that goes to it waits with it, and the clock comes for them', async () => {
  isDown = true;
  const { pending, lane: after } = await settle(ports, pendingIn(many(announce, 5)), 'input', 0);
  expect(passed).toBe(1);
  const due = pending.map(({ notBefore }) => notBefore?.getTime());
  expect(new Set(due).size).toBe(1);
  expect(pending.map(({ tries }) => tries)).toEqual([1, 0, 0, 0, 0]);
  expect(after.wakeAt?.getTime()).toBe(due[0]);
  expect(after.wakeAt?.getTime()).toBeGreaterThan(now().getTime());
});
