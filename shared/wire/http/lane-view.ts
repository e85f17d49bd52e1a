import type { Lane, Live } from '../../lane/lane.ts';
import type { LaneAnswer, LiveAnswer } from './answers.ts';
import { buildRefView } from './deployment-view.ts';
import { iso, isoOrNull } from './instant-text.ts';

/** A lane as the API shows it: what is live, what moves, what waits, and whether it is held. */
export function laneView(lane: Lane): LaneAnswer {
  const { id, live, previous, active, queue, hold, kept } = lane;
  return {
    id,
    live: live === null ? null : liveView(live),
    previous: previous === null ? null : liveView(previous),
    active:
      active === null
        ? null
        : {
            deployment: active.record.id,
            kind: active.record.kind,
            stage: active.stage,
            build: buildRefView(active.build),
          },
    queue: queue.map(({ record, build }) => ({ deployment: record.id, build: buildRefView(build) })),
    hold: hold === null ? null : { by: hold.by, because: hold.because, since: iso(hold.since) },
    kept: kept.map(({ build }) => buildRefView(build)),
    wakeAt: isoOrNull(lane.wakeAt),
  };
}

const liveView = ({ build, version, identity, deployment, liveAt }: Live): LiveAnswer => ({
  version,
  build: build === null ? null : buildRefView(build),
  identity: { ...identity },
  deployment,
  liveAt: iso(liveAt),
});
