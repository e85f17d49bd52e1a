import type { Fingerprint } from '../../shared/lane/words.ts';
import { groupNow, groupsNow } from '../../shared/use-cases/error-groups.ts';
import { ignoreGroup, resolveGroup } from '../../shared/use-cases/errors-resolve.ts';
import { decodeGroupChange } from '../../shared/wire/commands/group-change.ts';
import { errorGroupView } from '../../shared/wire/http/error-group-view.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';
import { knownLane, laneAt } from './asked.ts';
import { json, notFound, problem } from './problem.ts';
import { readCapped } from './read-body.ts';

/** `?lane=`: every group of the lane with its state and counts by version. */
export const listErrorGroups: Handler = async ({ query }) => {
  const ports = await runtime.ports();
  const groups = await groupsNow(ports, knownLane(ports.apps, query('lane')));
  return json({ errorGroups: groups.map(({ group, state }) => errorGroupView(group, state)) });
};

/** A person says that a group is resolved in a version, of no interest, or of interest again. */
export const changeErrorGroup: Handler = async (asked) => {
  const change = decodeGroupChange(await readCapped(asked.request, 4_000));
  if (!change.ok) return problem(400, change.why);
  const ports = await runtime.ports();
  const lane = laneAt(ports.apps, asked);
  const fingerprint = asked.param('fingerprint') as Fingerprint;
  const { value } = change;
  const live =
    value.type === 'resolve' && value.in === undefined ? await ports.markers.inForceAt(lane, ports.now()) : null;
  const resolvedIn = value.type === 'resolve' ? (value.in ?? live?.version) : undefined;
  if (value.type === 'resolve' && resolvedIn === undefined)
    return problem(422, 'in: name the version; none is known to be live');
  const changed =
    resolvedIn !== undefined
      ? await resolveGroup(ports, lane, fingerprint, resolvedIn, asked.caller.name)
      : await ignoreGroup(ports, lane, fingerprint, value.type === 'ignore', asked.caller.name);
  if (!changed.changed) return notFound();
  const { group, state } = await groupNow(ports, changed.group);
  return json(errorGroupView(group, state));
};
