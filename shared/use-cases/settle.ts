import { decide } from '../lane/decide.ts';
import type { LaneEvent } from '../lane/decision.ts';
import type { EffectResult, PendingEffect } from '../lane/effect.ts';
import type { Ports, StoredLane } from '../ports.ts';
import { backOffMs } from './back-off.ts';
import { commit, commitSettled, factsFor } from './commit.ts';
import { perform } from './effects.ts';
import { isGone } from './gone.ts';
import type { Work } from './work.ts';

/** In one call; what is left is met by the wake that a pending effect always has. */
const mostRounds = 8;
/** Of one invocation: no further effect is begun after it, so that the longest one still ends long before the platform ends it all. */
const budgetMs = 20_000;
const soonMs = 1_000;

/**
 * Carries out what is pending, in order. An effect's result is not sent, it is saved: that it is settled, the decision on its
 * result and the next effects are one conditional write. A crash between any two lines loses nothing. What moves the lane goes before
 * what only tells of it. `began`: when the invocation did, by the clock that never jumps.
 */
export async function settle(ports: Ports, stored: StoredLane, input: string, began: number): Promise<StoredLane> {
  const isLate = (): boolean => ports.monotonic() - began > budgetMs;
  let current = stored;
  for (let round = 0; ; round += 1) {
    const due = current.pending.filter(({ notBefore }) => notBefore === null || notBefore <= ports.now());
    if (due.length === 0) return current;
    if (round === mostRounds || isLate()) return leaveForSoon(ports, current, due);
    const fact = due.find((pending) => !tells(pending));
    current =
      fact === undefined
        ? await settleTold(ports, current, due, isLate)
        : await settleFact(ports, current, fact, input);
  }
}

/** The clock is brought forward to them, so that they do not wait for the sweep. */
function leaveForSoon(ports: Ports, stored: StoredLane, due: PendingEffect[]): Promise<StoredLane> {
  const soon = new Date(ports.now().getTime() + soonMs);
  return commitSettled(
    ports,
    stored,
    [],
    due.map((pending) => ({ ...pending, notBefore: soon })),
  );
}

/** Effects whose success changes nothing in the lane: they are carried out together and settled in one write. */
function tells({ effect }: PendingEffect): boolean {
  return (
    effect.type === 'announce' ||
    effect.type === 'reply' ||
    effect.type === 'record-marker' ||
    effect.type === 'send-probe'
  );
}

/** What is down is asked once; the rest that goes to it waits with the first. */
async function settleTold(
  ports: Ports,
  stored: StoredLane,
  told: PendingEffect[],
  isLate: () => boolean,
): Promise<StoredLane> {
  const work: Work = { ports, stored };
  const settled: number[] = [];
  const postponed: PendingEffect[] = [];
  const down = new Map<string, Date>();
  for (const pending of told) {
    const until = down.get(pending.effect.type) ?? (isLate() ? new Date(ports.now().getTime() + soonMs) : undefined);
    if (until !== undefined) {
      postponed.push({ ...pending, notBefore: until });
      continue;
    }
    const { result } = await perform(work, pending);
    if (result.end === 'later') {
      const when = laterOf(ports, pending, result);
      down.set(pending.effect.type, when);
      postponed.push(postpone(pending, when));
    } else settled.push(pending.seq);
    if (result.end === 'refused' || result.end === 'unknown') {
      ports.log.error('effect was given up', {
        lane: stored.lane.id,
        effect: pending.effect.type,
        because: result.because,
      });
    }
  }
  return commitSettled(ports, work.stored, settled, postponed);
}

async function settleFact(
  ports: Ports,
  stored: StoredLane,
  pending: PendingEffect,
  input: string,
): Promise<StoredLane> {
  const work: Work = { ports, stored };
  const settled = await perform(work, pending);
  const { result } = settled;
  if (isGone(ports, work.stored)) return commitSettled(ports, work.stored, [pending.seq], []);
  if (result.end === 'later')
    return commitSettled(ports, work.stored, [], [postpone(pending, laterOf(ports, pending, result))]);
  const event: LaneEvent = { type: 'settled', ...settled };
  const decision = decide(factsFor(ports, work.stored, [pending.seq]), work.stored.lane, event);
  if (decision.kind === 'ignore') return commitSettled(ports, work.stored, [pending.seq], []);
  return commit(ports, work.stored, decision, {
    input: `${input}!${pending.seq}`,
    by: null,
    settled: [pending.seq],
    seen: [],
  });
}

function postpone(pending: PendingEffect, when: Date): PendingEffect {
  return { ...pending, notBefore: when, tries: pending.tries + 1 };
}

/** Never in the past: an effect that is to wait must not spin. */
function laterOf(ports: Ports, pending: PendingEffect, result: Extract<EffectResult<never>, { end: 'later' }>): Date {
  const soonest = ports.now().getTime() + Math.min(backOffMs(pending.tries + 1), ports.timing.pollThenMs);
  return new Date(Math.max(result.when.getTime(), soonest));
}
