import type { Input } from '../lane/input.ts';
import { type Build, type InputId, type LaneId, laneId } from '../lane/words.ts';
import { type Ports, Unreadable } from '../ports.ts';

/** A build event as decoded: who sent it, where it is to go, and what was built. */
export type BuildCompleted = { app: string; environment?: string | undefined } & (
  | { status: 'succeeded'; build: Omit<Build, 'arrivedAt'> }
  | { status: 'failed' | 'cancelled' }
);

export type Accepted = { accepted: true; lane: LaneId; input: InputId } | { accepted: false; because: string };

/**
 * A finished build goes through the lane's door. The same event (by source and id) is the same input, so that a repeat is
 * answered with the first outcome. Throws Unreadable for an app or environment that the owner's file does not name.
 */
export async function acceptBuild(
  ports: Ports,
  event: BuildCompleted,
  idOf: (lane: LaneId) => InputId,
): Promise<Accepted> {
  if (event.status !== 'succeeded')
    return { accepted: false, because: `the build ${event.status}: there is nothing to deploy` };
  const first = ports.apps.defaultEnvironment(event.app);
  if (first === null) throw new Unreadable(`data.app: there is no app ${event.app} in the owner's file`);
  const lane = laneId(event.app, event.environment ?? first);
  if (!ports.apps.lanes().includes(lane))
    throw new Unreadable(`data.environment: there is no ${lane} in the owner's file`);
  const input: Input = {
    id: idOf(lane),
    lane,
    type: 'build-arrived',
    build: { ...event.build, arrivedAt: ports.now() },
  };
  await ports.inbox.send(input, { purpose: '' });
  return { accepted: true, lane, input: input.id };
}
