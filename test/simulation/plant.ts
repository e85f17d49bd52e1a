import type fc from 'fast-check';
import type { advance } from '../../shared/lane/swap/advance.ts';
import type { findingOf } from '../../shared/lane/swap/finding.ts';
import type { preconditions } from '../../shared/lane/swap/preconditions.ts';
import type { performAct } from '../../shared/use-cases/acts.ts';
import type { Planted } from './life.ts';
import { good, type PersonPlan, type Scenario } from './scenario.ts';

/** Functions of the product that a plant may put something else in the place of. */
export interface Replaced {
  advance?: (real: typeof advance) => typeof advance;
  findingOf?: (real: typeof findingOf) => typeof findingOf;
  preconditions?: (real: typeof preconditions) => typeof preconditions;
  performAct?: (real: typeof performAct) => typeof performAct;
  /** Made before each save; null: as the product makes it. */
  writeId?: () => string | null;
}

/** A bug, planted from outside; the laws that may catch it, and lives in which it shows. */
export interface Plant {
  name: string;
  /** What was taken away. */
  what: string;
  world?: Planted;
  replaced?: Replaced;
  caughtBy: string[];
  lives: Partial<Scenario>;
  person?: fc.Arbitrary<PersonPlan>;
}

/** One good build, and nothing goes wrong. */
export const calm: Scenario = {
  seed: 1,
  builds: [{ traits: good, afterMs: 0, copies: 1 }],
  faults: [],
  person: null,
  commands: [],
  approval: false,
  rollback: 'automatic',
  arrivals: 'supersede',
  pingIsSet: true,
};
