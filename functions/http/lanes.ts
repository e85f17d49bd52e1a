import type { DeploymentId, LaneId } from '../../shared/lane/words.ts';
import { type LaneStore, Unavailable } from '../../shared/ports.ts';
import type { LaneAnswer, UnreadableLaneAnswer } from '../../shared/wire/http/answers.ts';
import { deploymentView } from '../../shared/wire/http/deployment-view.ts';
import { journalView } from '../../shared/wire/http/journal-view.ts';
import { laneView } from '../../shared/wire/http/lane-view.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';
import { knownLane, laneAt, mostOf } from './asked.ts';
import { json, notFound } from './problem.ts';

export const listLanes: Handler = async () => {
  const { lanes } = await runtime.ports();
  return json({ lanes: await Promise.all((await lanes.known()).map((lane) => viewOf(lanes, lane))) });
};

/** A lane whose row cannot be read hides none of the others. */
async function viewOf(lanes: LaneStore, id: LaneId): Promise<LaneAnswer | UnreadableLaneAnswer> {
  try {
    return laneView((await lanes.load(id)).lane);
  } catch (error) {
    if (error instanceof Unavailable) throw error;
    return { id, unreadable: true };
  }
}

export const getLane: Handler = async (asked) => {
  const ports = await runtime.ports();
  const { lane } = await ports.lanes.load(laneAt(ports.apps, asked));
  return json(laneView(lane));
};

/** `?lane=`: newest first. */
export const listDeployments: Handler = async (asked) => {
  const ports = await runtime.ports();
  const records = await ports.lanes.deployments(knownLane(ports.apps, asked.query('lane')), mostOf(asked));
  return json({ deployments: records.map(deploymentView) });
};

export const getDeployment: Handler = async (asked) => {
  const { lanes, apps } = await runtime.ports();
  const record = await lanes.deployment(laneAt(apps, asked), asked.param('id') as DeploymentId);
  return record === null ? notFound() : json(deploymentView(record));
};

/** What was decided about it, in order. */
export const getJournal: Handler = async (asked) => {
  const ports = await runtime.ports();
  const lane = laneAt(ports.apps, asked);
  const deployment = asked.param('id') as DeploymentId;
  const entries = await ports.lanes.journal(lane, deployment, mostOf(asked));
  // Nothing was decided about what never was.
  if (entries.length === 0 && (await ports.lanes.deployment(lane, deployment)) === null) return notFound();
  return json({ journal: entries.map(journalView) });
};
