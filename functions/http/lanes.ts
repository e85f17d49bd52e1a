import type { DeploymentId } from '../../shared/lane/words.ts';
import { deploymentView } from '../../shared/wire/http/deployment-view.ts';
import { journalView } from '../../shared/wire/http/journal-view.ts';
import { laneView } from '../../shared/wire/http/lane-view.ts';
import { runtime } from '../runtime.ts';
import { knownLane, mostOf } from './asked.ts';
import { json, problem } from './problem.ts';
import { route } from './route.ts';

route('list-lanes', 'GET', 'lanes', 'read', async () => {
  const ports = await runtime.ports();
  return json({ lanes: (await ports.lanes.all()).map(laneView) });
});

route('get-lane', 'GET', 'lanes/{lane}', 'read', async ({ param }) => {
  const ports = await runtime.ports();
  const { lane } = await ports.lanes.load(knownLane(ports.apps, param('lane')));
  return json(laneView(lane));
});

/** `?lane=`: newest first. */
route('list-deployments', 'GET', 'deployments', 'read', async (asked) => {
  const ports = await runtime.ports();
  const records = await ports.lanes.deployments(knownLane(ports.apps, asked.query('lane')), mostOf(asked));
  return json({ deployments: records.map(deploymentView) });
});

route('get-deployment', 'GET', 'deployments/{lane}/{id}', 'read', async ({ param }) => {
  const ports = await runtime.ports();
  const record = await ports.lanes.deployment(knownLane(ports.apps, param('lane')), param('id') as DeploymentId);
  return record === null ? problem(404, 'there is no such deployment') : json(deploymentView(record));
});

/** What was decided about it, in order. */
route('get-journal', 'GET', 'deployments/{lane}/{id}/journal', 'read', async (asked) => {
  const ports = await runtime.ports();
  const lane = knownLane(ports.apps, asked.param('lane'));
  const entries = await ports.lanes.journal(lane, asked.param('id') as DeploymentId, mostOf(asked));
  return json({ journal: entries.map(journalView) });
});
