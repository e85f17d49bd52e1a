import { afterAll, afterEach, expect, test, vi } from 'vitest';
import type { mayApprove, mayOperate } from '../../shared/lane/permission.ts';
import type { awaitingApproval } from '../../shared/lane/stages/awaiting-approval.ts';
import type { verifying } from '../../shared/lane/stages/verifying.ts';
import type { startWarming } from '../../shared/lane/stages/warming.ts';
import { held, lost, loud, noRight, rightful, stale, twice, upToDate } from './clicks-laws.ts';
import { searchClicks } from './clicks-search.ts';
import type { Altered } from './clicks-world.ts';

/** Functions of the product that a plant may put something else in the place of. */
interface Replaced {
  mayApprove?: (real: typeof mayApprove) => typeof mayApprove;
  mayOperate?: (real: typeof mayOperate) => typeof mayOperate;
  awaitingApproval?: (real: typeof awaitingApproval) => typeof awaitingApproval;
  verifying?: (real: typeof verifying) => typeof verifying;
  startWarming?: (real: typeof startWarming) => typeof startWarming;
}

/** What is planted now; the mocks below ask it at each call, so that the product itself has no switch. */
const planted = vi.hoisted((): { replaced: Replaced } => ({ replaced: {} }));

vi.mock('../../shared/lane/permission.ts', async (original) => {
  const real = await original<typeof import('../../shared/lane/permission.ts')>();
  const approves: typeof real.mayApprove = (...given) =>
    (planted.replaced.mayApprove?.(real.mayApprove) ?? real.mayApprove)(...given);
  const operates: typeof real.mayOperate = (...given) =>
    (planted.replaced.mayOperate?.(real.mayOperate) ?? real.mayOperate)(...given);
  return { ...real, mayApprove: approves, mayOperate: operates };
});
vi.mock('../../shared/lane/stages/awaiting-approval.ts', async (original) => {
  const real = await original<typeof import('../../shared/lane/stages/awaiting-approval.ts')>();
  const waits: typeof real.awaitingApproval = (...given) =>
    (planted.replaced.awaitingApproval?.(real.awaitingApproval) ?? real.awaitingApproval)(...given);
  return { ...real, awaitingApproval: waits };
});
vi.mock('../../shared/lane/stages/verifying.ts', async (original) => {
  const real = await original<typeof import('../../shared/lane/stages/verifying.ts')>();
  const verifies: typeof real.verifying = (...given) =>
    (planted.replaced.verifying?.(real.verifying) ?? real.verifying)(...given);
  return { ...real, verifying: verifies };
});
vi.mock('../../shared/lane/stages/warming.ts', async (original) => {
  const real = await original<typeof import('../../shared/lane/stages/warming.ts')>();
  const starts: typeof real.startWarming = (...given) =>
    (planted.replaced.startWarming?.(real.startWarming) ?? real.startWarming)(...given);
  return { ...real, startWarming: starts };
});

// Reached through the mocks: what swaps in a plant is the product's own.
const { startSwapping } = await import('../../shared/lane/stages/swapping.ts');

interface Plant {
  fault: string;
  replaced?: Replaced;
  altered?: () => Altered;
  caughtBy: string[];
}

/** The command as it would be if it named what waits now. */
const naming =
  (what: 'build' | 'deployment') =>
  (real: typeof awaitingApproval): typeof awaitingApproval =>
  (draft, at, event) => {
    if (event.type !== 'command' || event.command.type !== 'approve') return real(draft, at, event);
    const { command } = event;
    const named = what === 'build' ? { ...command, build: at.build.id } : { ...command, deployment: at.record.id };
    return real(draft, at, { ...event, command: named });
  };

/** As if nobody had put the lane on hold. */
const unheld =
  (real: typeof awaitingApproval): typeof awaitingApproval =>
  (draft, at, event) => {
    if (event.type !== 'command' || event.command.type !== 'approve') return real(draft, at, event);
    const { hold } = draft.lane;
    draft.lane.hold = null;
    const handled = real(draft, at, event);
    draft.lane.hold = hold;
    return handled;
  };

/** Effects or rows that a save leaves out. */
const saving =
  (without: 'replies' | 'announcements' | 'refused words'): (() => Altered) =>
  () =>
  (ports) => ({
    ...ports,
    lanes: {
      ...ports.lanes,
      save: (stored, change) => {
        const isRefused = change.seen.some(({ outcome }) => outcome === 'ignored');
        const left = change.effects.filter(
          ({ effect }) =>
            !isRefused ||
            effect.type !== (without === 'announcements' ? 'announce' : without === 'replies' ? 'reply' : ''),
        );
        const seen = without === 'refused words' && isRefused ? [] : change.seen;
        return ports.lanes.save(stored, { ...change, effects: left, seen });
      },
    },
  });

const plants: Plant[] = [
  {
    fault: 'a hold does not keep an approval from counting',
    replaced: { awaitingApproval: unheld },
    caughtBy: [held],
  },
  {
    fault: 'anybody may approve',
    replaced: { mayApprove: () => () => ({ may: true, loud: false }) },
    caughtBy: [noRight],
  },
  {
    fault: 'anybody may operate',
    replaced: { mayOperate: () => () => ({ may: true, loud: false }) },
    caughtBy: [noRight],
  },
  {
    fault: 'nobody asks whose change it is',
    replaced: {
      mayApprove:
        (real) =>
        (approval, ...rest) =>
          real(approval.required ? { ...approval, mayApproveOwn: true } : approval, ...rest),
    },
    caughtBy: [noRight, loud],
  },
  {
    fault: 'what cannot be told counts as no',
    replaced: {
      mayApprove: (real) => (approval, facts, by, requestedBy) => {
        const asker = facts.asker === null ? null : { ...facts.asker, isAuthor: facts.asker.isAuthor ?? false };
        return real(approval, { ...facts, asker }, by, requestedBy ?? 'somebody');
      },
    },
    caughtBy: [noRight, loud],
  },
  {
    fault: 'people are who they call themselves',
    replaced: {
      mayApprove: (real) => (approval, facts, by, requestedBy) =>
        real(approval, { ...facts, asker: null }, { name: by.name }, requestedBy),
    },
    caughtBy: [noRight],
  },
  {
    fault: 'breaking the glass is not told',
    replaced: {
      mayApprove:
        (real) =>
        (...given) => {
          const permission = real(...given);
          return permission.may ? { may: true, loud: false } : permission;
        },
    },
    caughtBy: [loud],
  },
  {
    fault: 'nobody may approve',
    replaced: { mayApprove: () => () => ({ may: false, because: 'no' }) },
    caughtBy: [rightful],
  },
  {
    fault: 'who somebody is was asked once',
    altered: () => {
      const known = new Map<string, Awaited<ReturnType<Asks>>>();
      return (ports) => ({
        ...ports,
        people: {
          about: async (slackId, question) => {
            const asker = known.get(slackId) ?? (await ports.people?.about(slackId, question));
            if (asker === undefined) throw new Error('there are no people');
            known.set(slackId, asker);
            return asker;
          },
        },
      });
    },
    caughtBy: [noRight, rightful, loud],
  },
  { fault: 'the build is not compared', replaced: { awaitingApproval: naming('build') }, caughtBy: [stale] },
  { fault: 'the deployment is not compared', replaced: { awaitingApproval: naming('deployment') }, caughtBy: [stale] },
  {
    fault: 'the expiry is ignored',
    replaced: {
      awaitingApproval: (real) => (draft, at, event) => real(draft, { ...at, expiresAt: new Date(8e15) }, event),
    },
    caughtBy: [stale],
  },
  {
    fault: 'nobody is asked',
    replaced: {
      verifying: (real) => (draft, at, event) =>
        real(draft, { ...at, policy: { ...at.policy, approval: { required: false } } }, event),
    },
    caughtBy: [stale],
  },
  {
    fault: 'an approval is good for the build’s next deployment',
    replaced: {
      verifying: (real) => (draft, at, event) => {
        if (at.record.approvedBy !== null) approvedOnce.add(at.build.id);
        const approvedBy = approvedOnce.has(at.build.id) ? 'Ada' : null;
        return real(draft, { ...at, record: { ...at.record, approvedBy: at.record.approvedBy ?? approvedBy } }, event);
      },
    },
    caughtBy: [stale],
  },
  {
    fault: 'what is approved is not verified again',
    replaced: {
      startWarming: (real) => (draft, from, former, goal) =>
        from.stage === 'awaiting-approval'
          ? startSwapping(draft, { ...from, stage: 'verifying' })
          : real(draft, from, former, goal),
    },
    caughtBy: [stale],
  },
  {
    fault: 'nobody asks whether the word was heard before',
    altered: () => (ports) => ({ ...ports, lanes: { ...ports.lanes, seen: async () => null } }),
    caughtBy: [twice],
  },
  { fault: 'who is refused is not told', altered: saving('replies'), caughtBy: [lost] },
  { fault: 'a refusal is not written down', altered: saving('refused words'), caughtBy: [lost, twice, noRight] },
  { fault: 'an old message stays as it is', altered: saving('announcements'), caughtBy: [upToDate] },
  {
    fault: 'while Slack is down, a word is dropped',
    altered: () => (ports) => ({
      ...ports,
      inbox: {
        send: async (input, sending) => {
          if (input.type !== 'command') await ports.inbox.send(input, sending);
        },
      },
    }),
    caughtBy: [lost],
  },
];

type Asks = NonNullable<Parameters<Altered>[0]['people']>['about'];
const approvedOnce = new Set<string>();

/** The same lives without the fault keep every law (clicks.test.ts): what is caught is the fault. */
const most = 1_500;
const seed = 20_260_302;
const table: Record<string, string>[] = [];

afterEach(() => {
  planted.replaced = {};
  approvedOnce.clear();
});
afterAll(() => console.table(table));

test('without a fault nothing is caught', async () => {
  const found = await searchClicks(300, seed);
  expect(found.law, found.told).toBe('');
});

test.each(plants)(
  '$fault: it is caught',
  async ({ fault, replaced = {}, altered, caughtBy }) => {
    planted.replaced = replaced;
    const caught = await searchClicks(most, seed, altered?.());
    table.push({ fault, 'caught by': caught.law, sequences: String(caught.lives) });
    expect(caughtBy, caught.told).toContain(caught.law);
  },
  60_000,
);
