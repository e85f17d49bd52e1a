import { ask, type Draft } from './decision.ts';
import type { Live } from './lane.ts';
import { holds, type Look, sameIdentity } from './look.ts';
import { nameOf } from './swap/preconditions.ts';
import type { Marker, MarkerKind, Version } from './words.ts';

/** `same`: production holds what we know. `look-again`: seen once, not believed yet. `adopted`: it is the new truth. */
export type Compared = { is: 'same' | 'adopted'; live: Live } | { is: 'look-again' };

/**
 * What production runs at first contact, or after a person's own swap or deploy, becomes the lane's live build, with a marker
 * `external`: it is never fought. Two equal looks, far enough apart, are needed.
 */
export function compareWithLive(draft: Draft, look: Look): Compared {
  const { lane } = draft;
  if (lane.live !== null && holds(look.production, lane.live.identity, false)) {
    lane.suspicion = null;
    return { is: 'same', live: lane.live };
  }
  const before = lane.suspicion;
  const seen = look.production.identity;
  if (before === null || !sameIdentity(before.identity, seen)) {
    lane.suspicion = { identity: seen, at: look.at };
    return { is: 'look-again' };
  }
  if (look.at.getTime() - before.at.getTime() < draft.facts.timing.lookGapMs) return { is: 'look-again' };
  return { is: 'adopted', live: adopt(draft, look, before.at) };
}

function adopt(draft: Draft, look: Look, firstSeen: Date): Live {
  const { lane } = draft;
  const former = lane.live;
  const back = lane.previous !== null && holds(look.production, lane.previous.identity, false) ? lane.previous : null;
  const liveAt = momentOf(look, former, firstSeen);
  const live: Live = {
    build: back?.build ?? null,
    version: back?.version ?? (nameOf(look.production.identity) as Version),
    identity: look.production.identity,
    deployment: null,
    liveAt,
  };
  lane.live = live;
  lane.previous = former !== null && holds(look.staging, former.identity, false) ? former : null;
  lane.suspicion = null;
  draft.told.push(
    former === null
      ? `adopted ${live.version}, which runs in production`
      : `production was changed to ${live.version} by somebody else; adopted`,
  );
  mark(draft, 'external', live, { from: former === null ? liveAt : earlier(former.liveAt, liveAt), to: firstSeen });
  ask(draft, { type: 'announce', deployment: null });
  return live;
}

/** ARM tells when the last swap completed; without one, the moment we first saw it. */
function momentOf(look: Look, former: Live | null, firstSeen: Date): Date {
  const stamp = look.stamp === null ? Number.NaN : Date.parse(look.stamp);
  const known = former?.liveAt.getTime() ?? Number.NEGATIVE_INFINITY;
  return stamp > known && stamp <= firstSeen.getTime() && former !== null ? new Date(stamp) : firstSeen;
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/** The marker of a version that went live; written from saved values, so writing twice is harmless. */
export function mark(
  draft: Draft,
  kind: MarkerKind,
  live: Live,
  switchedBetween: { from: Date; to: Date } | undefined,
): void {
  const by = draft.lane.active?.record.requestedBy ?? undefined;
  const marker: Marker = {
    lane: draft.lane.id,
    id: `${kind}-${live.deployment ?? 'by-hand'}-${live.liveAt.getTime().toString(36)}`,
    kind,
    version: live.version,
    liveAt: live.liveAt,
    switchedBetween,
    deployment: live.deployment ?? undefined,
    build: live.build?.id,
    by: kind === 'external' ? undefined : by,
  };
  ask(draft, { type: 'record-marker', marker });
}
