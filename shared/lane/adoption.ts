import { ask, type Draft } from './decision.ts';
import { drop, keep } from './kept.ts';
import type { Live } from './lane.ts';
import { holds, type Look, sameIdentity, tellsApart, timeBetween } from './look.ts';
import { nameOf } from './swap/preconditions.ts';
import type { BuildRef, DeploymentId, Marker, MarkerKind, Version } from './words.ts';

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
  if (timeBetween(before, look) < draft.facts.timing.lookGapMs) return { is: 'look-again' };
  return { is: 'adopted', live: adopt(draft, look, before.at) };
}

function adopt(draft: Draft, look: Look, firstSeen: Date): Live {
  const { lane } = draft;
  const former = lane.live;
  const liveAt = momentOf(look, former, firstSeen);
  const live: Live = { ...recognised(draft, look), identity: look.production.identity, deployment: null, liveAt };
  lane.suspicion = null;
  draft.told.push(
    former === null
      ? `adopted ${live.version}, which runs in production`
      : `production was changed to ${live.version} by somebody else; adopted`,
  );
  makeLive(draft, 'external', live, { from: former === null ? liveAt : earlier(former.liveAt, liveAt), to: firstSeen });
  ask(draft, { type: 'announce', deployment: null });
  return live;
}

type Known = Pick<Live, 'build' | 'version' | 'asks'>;

/** A person may have swapped back, or swapped in what we had staged (or we did, and lost sight of it); else it is not ours. */
function recognised(draft: Draft, { production }: Look): Known {
  const { lane } = draft;
  const { live: former, previous, staged } = lane;
  if (previous !== null && tellsApart(previous.identity) && holds(production, previous.identity, false)) {
    if (former?.build) takenOut(draft, former.build, former.deployment);
    lane.previous = null;
    const { build, version, asks } = previous;
    return { build, version, asks };
  }
  lane.previous = former;
  if (staged !== null && holds(production, staged.identity, false)) {
    keep(lane, staged.build);
    return { build: staged.build, version: staged.build.version, asks: null };
  }
  // What is kept was live before something we have no copy of: none of it is the way back any more.
  lane.kept = [];
  return { build: null, version: nameOf(production.identity) as Version, asks: null };
}

/** A person took it out of production: neither a rollback nor another event of it brings it back, only a person's word. */
function takenOut(draft: Draft, build: BuildRef, deployment: DeploymentId | null): void {
  drop(draft.lane, build);
  draft.quarantined.push({ build: build.id, because: 'it was taken out of production by hand', deployment });
}

/** ARM tells when the last swap completed; without one, the moment we first saw it. */
function momentOf(look: Look, former: Live | null, firstSeen: Date): Date {
  const stamp = look.stamp === null ? Number.NaN : Date.parse(look.stamp);
  const known = former?.liveAt.getTime() ?? Number.NEGATIVE_INFINITY;
  return stamp > known && stamp <= firstSeen.getTime() && former !== null ? new Date(stamp) : firstSeen;
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/**
 * A version is live from now on. Its marker is written from saved values, so writing it twice is harmless; and the deployment that was
 * live before is told of, because its message says so and offers the way back.
 */
export function makeLive(
  draft: Draft,
  kind: MarkerKind,
  live: Live,
  switchedBetween: { from: Date; to: Date } | undefined,
): void {
  const left = draft.lane.live?.deployment ?? null;
  draft.lane.live = live;
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
  if (left !== null && left !== live.deployment) ask(draft, { type: 'announce', deployment: left });
}
