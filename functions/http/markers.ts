import { markerView } from '../../shared/wire/http/marker-view.ts';
import { decodeMarker } from '../../shared/wire/markers/warmswap.ts';
import { instantFrom } from '../../shared/wire/words.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';
import { knownLane, laneAt, mostOf } from './asked.ts';
import { json, notFound, problem } from './problem.ts';
import { readCapped } from './read-body.ts';

/** What somebody else deployed, or changed without deploying. The same marker again is the same row. */
export const postMarker: Handler = async ({ request, caller }) => {
  const marker = decodeMarker(await readCapped(request, 32_000), caller.name);
  if (!marker.ok) return problem(400, marker.why);
  const ports = await runtime.ports();
  ports.apps.policy(marker.value.lane);
  await ports.markers.put(marker.value);
  const location = `/api/v1/markers/${encodeURIComponent(marker.value.lane)}/${encodeURIComponent(marker.value.id)}`;
  return json(markerView(marker.value), 201, { location });
};

/** `?lane=`: newest first; `&at=`: the one in force at that instant. */
export const listMarkers: Handler = async (asked) => {
  const ports = await runtime.ports();
  const lane = knownLane(ports.apps, asked.query('lane'));
  const at = asked.query('at');
  if (at === null) return json({ markers: (await ports.markers.list(lane, mostOf(asked))).map(markerView) });
  const instant = instantFrom(at);
  if (instant === null) return problem(400, 'at: expected an instant such as 2026-01-31T12:00:00Z');
  const marker = await ports.markers.inForceAt(lane, instant);
  return marker === null ? notFound() : json(markerView(marker));
};

export const getMarker: Handler = async (asked) => {
  const ports = await runtime.ports();
  const marker = await ports.markers.get(laneAt(ports.apps, asked), asked.param('id'));
  return marker === null ? notFound() : json(markerView(marker));
};
