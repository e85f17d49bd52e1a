import fc from 'fast-check';
import type { Policy } from '../../shared/lane/policy.ts';
import type { Build, BuildId, Person, Sha256, Version } from '../../shared/lane/words.ts';

/** What happens, and three numbers that choose who, what and how. */
export type Event = readonly [what: keyof typeof weights, which: number, how: number, when: number];
export interface Walk {
  policy: number;
  events: Event[];
}

/** How often each happens. */
const weights = {
  arrive: 3,
  progress: 10,
  wait: 3,
  click: 13,
  type: 3,
  again: 2,
  rights: 2,
  file: 1,
  slack: 1,
  topic: 1,
  site: 1,
  die: 1,
} as const;
const kinds = Object.entries(weights).map(([what, weight]) => ({
  weight,
  arbitrary: fc.constant(what as keyof typeof weights),
}));
const die = fc.nat(5_039);
export const walks: fc.Arbitrary<Walk> = fc.record({
  policy: die,
  events: fc.array(fc.tuple(fc.oneof(...kinds), die, die, die), { minLength: 8, maxLength: 36, size: 'max' }),
});

export const pick = <Item>(items: readonly [Item, ...Item[]], number: number): Item =>
  items[number % items.length] ?? items[0];

/** The owner's files: all name Ada, a group and a token; they differ in the rest. */
export function policyBy(number: number): Policy {
  return {
    mode: 'swap',
    site: { subscriptionId: 's', resourceGroup: 'g', name: 'shop', slot: 'staging' },
    versionFrom: { path: '/version', header: 'x' },
    warmUp: { path: '/health', statuses: [200], timesInARow: 1, everyMs: 2_000, deadlineMs: 300_000 },
    checks: [{ name: 'home', path: '/', status: 200 }],
    approval: {
      required: true,
      approvers: ['Ada@shop.example', '@Release', 'release-bot', ...(number % 3 === 0 ? ['authors'] : [])],
      mayApproveOwn: number % 2 === 0,
      breakGlass: number % 5 === 0 ? [] : ['root@shop.example'],
      expiresAfterMs: 600_000,
      remindBeforeMs: number % 4 === 0 ? null : 120_000,
    },
    operators: pick([['olga@shop.example'], ['olga@shop.example', 'authors'], ['@release'], []], number),
    watch: { forMs: 30_000, everyMs: 15_000 },
    errorLimits: { newGroupReports: 5, ratio: 3, perMinute: 10 },
    rollback: { mode: pick(['ask', 'automatic'], number), askExpiresAfterMs: 300_000, holdAfter: false },
    arrivals: { mode: 'supersede' },
  };
}

const grace: Person = { name: 'Grace', email: 'grace@shop.example' };
const linus: Person = { name: 'Linus', email: 'linus@shop.example' };
const ada: Person = { name: 'Ada', email: 'ada@shop.example' };

/** The next build: whose it is can be plain, shared, or not to be told. */
export function buildBy(number: number, which: number, finishedAt: Date): Build {
  const authors = pick<Person[]>([[grace], [linus, grace], [ada], [{ name: 'a script' }], []], which);
  return {
    id: `build${number}` as BuildId,
    source: 'https://ci.example/shop',
    version: `1.${number}.0` as Version,
    commit: { sha: 'c0ffee' },
    commits: authors.map((author) => ({ sha: 'c0ffee', message: 'a change', author })),
    artifact: { url: `https://ci.example/${number}.zip`, sha256: String(number).padStart(64, '0') as Sha256 },
    number,
    finishedAt,
    arrivedAt: finishedAt,
    requestedBy: pick<Person | undefined>([linus, { name: 'cron' }, undefined, { name: 'release-bot' }], which >> 3),
    schemaChange: 'none',
  };
}
