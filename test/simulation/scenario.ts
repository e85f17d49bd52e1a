import fc from 'fast-check';
import { type Family, families } from './faults.ts';

/** What is the matter with a build. */
export interface Traits {
  /** Its bytes do not match its digest. */
  badDigest: boolean;
  /** Answers 500 in the slot. */
  badInStaging: boolean;
  /** Good in the slot, does not get warm under production's sticky settings. */
  breaksInSwap: boolean;
  /** Good until it serves people. */
  badLive: boolean;
}

export const good: Traits = { badDigest: false, badInStaging: false, breaksInSwap: false, badLive: false };

export interface BuildPlan {
  traits: Traits;
  /** When its event comes, and how often. */
  afterMs: number;
  copies: number;
}

/** Acts once: swaps, or deploys to staging; some time after the start, after a swap request of ours was sent, or after a watch began. */
export interface PersonPlan {
  does: 'swap' | 'deploy';
  after: { startMs: number } | { swapRequest: number; ms: number } | { watchedMs: number };
}

export interface CommandPlan {
  type: 'approve' | 'reject' | 'roll-back' | 'end-watch' | 'hold' | 'release' | 'retry' | 'deploy';
  afterMs: number;
}

export interface Scenario {
  seed: number;
  /** In the order of their numbers. */
  builds: BuildPlan[];
  faults: Family[];
  person: PersonPlan | null;
  commands: CommandPlan[];
  approval: boolean;
  rollback: 'automatic' | 'ask';
  arrivals: 'supersede' | 'queue';
  /** Whether staging's warm-up ping is set already. */
  pingIsSet: boolean;
}

const traits: fc.Arbitrary<Traits> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(good) },
  { weight: 3, arbitrary: fc.constant({ ...good, badLive: true }) },
  { weight: 1, arbitrary: fc.constant({ ...good, badInStaging: true }) },
  { weight: 1, arbitrary: fc.constant({ ...good, breaksInSwap: true }) },
  { weight: 1, arbitrary: fc.constant({ ...good, badDigest: true }) },
);

const build: fc.Arbitrary<BuildPlan> = fc.record({
  traits,
  afterMs: fc.nat(400_000),
  copies: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 5 }) }),
});

const person: fc.Arbitrary<PersonPlan> = fc.record({
  does: fc.constantFrom('swap' as const, 'deploy' as const),
  after: fc.oneof(
    fc.record({ startMs: fc.nat(300_000) }),
    fc.record({ swapRequest: fc.integer({ min: 1, max: 2 }), ms: fc.nat(60_000) }),
    fc.record({ swapRequest: fc.constant(1), ms: fc.nat(500_000) }),
    fc.record({ watchedMs: fc.nat(45_000) }),
  ),
});

const command: fc.Arbitrary<CommandPlan> = fc.record({
  type: fc.constantFrom('approve', 'reject', 'roll-back', 'end-watch', 'hold', 'release', 'retry', 'deploy'),
  afterMs: fc.nat(900_000),
});

const common = {
  seed: fc.integer({ min: 0, max: 0x7fffffff }),
  faults: fc.subarray([...families]),
  approval: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  rollback: fc.oneof(
    { weight: 4, arbitrary: fc.constant('automatic' as const) },
    { weight: 1, arbitrary: fc.constant('ask' as const) },
  ),
  arrivals: fc.constantFrom('supersede' as const, 'queue' as const),
  pingIsSet: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
};
const perhapsAPerson = fc.option(person, { freq: 1, nil: null });

/** One build, and perhaps a person who acts by hand: short lives, so that many of them can be lived. */
export const shortLives: fc.Arbitrary<Scenario> = fc.record({
  ...common,
  builds: fc.array(build, { minLength: 1, maxLength: 1 }),
  person: perhapsAPerson,
  commands: fc.constant<CommandPlan[]>([]),
});

/** Builds that overtake each other, and people who command. */
export const busyLives: fc.Arbitrary<Scenario> = fc.record({
  ...common,
  builds: fc.array(build, { minLength: 1, maxLength: 3 }),
  person: perhapsAPerson,
  commands: fc.array(command, { maxLength: 4 }),
});

export const scenarios: fc.Arbitrary<Scenario> = fc.oneof(shortLives, busyLives);
