import { decide } from '../lane/decide.ts';
import type { LaneEvent } from '../lane/decision.ts';
import type { EffectResult, PendingEffect } from '../lane/effect.ts';
import type { Ports, StoredLane } from '../ports.ts';
import { backOffMs } from './back-off.ts';
import { commit, commitSettled, factsFor } from './commit.ts';
import { perform } from './effects.ts';
import type { Work } from './work.ts';

/** In one invocation; what is left is met by the wake that a pending effect always has. */
const mostRounds = 8;
/** No further effect is begun after this: the longest one still ends long before the platform ends the invocation. */
const budgetMs = 20_000;
const soonMs = 1_000;

/**
 * Carries out what is pending, in order. An effect's result is not sent, it is saved: that it is settled, the decision on its
 * result and the next effects are one conditional write. A crash between any two lines loses nothing.
 */
export async function settle(ports: Ports, stored: StoredLane, input: string): Promise<StoredLane> {
  const began = ports.monotonic();
  let current = stored;
  for (let round = 0; ; round += 1) {
    const due = current.pending.filter(({ notBefore }) => notBefore === null || notBefore <= ports.now());
    const [first] = due;
    if (first === undefined) return current;
    if (round === mostRounds || ports.monotonic() - began > budgetMs) return leaveForSoon(ports, current, due);
    current = tells(first)
      ? await settleTold(ports, current, due.filter(tells))
      : await settleFact(ports, current, first, input);
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

async function settleTold(ports: Ports, stored: StoredLane, told: PendingEffect[]): Promise<StoredLane> {
  const work: Work = { ports, stored };
  const settled: number[] = [];
  const postponed: PendingEffect[] = [];
  for (const pending of told) {
    const { result } = await perform(work, pending);
    if (result.end === 'later') postponed.push(postpone(pending, laterOf(ports, pending, result)));
    else settled.push(pending.seq);
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
