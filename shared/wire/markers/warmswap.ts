import * as v from 'valibot';
import { laneId, type Marker } from '../../lane/words.ts';
import { commitSha, webAddress } from '../builds/facts.ts';
import { type Decoded, decoded, decodeWith } from '../decode.ts';
import { markerId } from '../ids.ts';
import { appName, environmentName, instant, maybe, textUpTo, version } from '../words.ts';

/** A rollback is a kind only we make: others who go back deploy an older version. */
const KINDS = ['deploy', 'external', 'config', 'flag', 'migration'] as const;

export const markerBody = v.object({
  /** The sender's own name for it: the same id again is the same marker. */
  id: maybe(textUpTo(300)),
  app: appName,
  environment: environmentName,
  kind: v.picklist(KINDS),
  version,
  liveAt: instant,
  commit: maybe(commitSha),
  text: maybe(textUpTo(1_000)),
  url: maybe(webAddress),
});

/**
 * Reads the body of `POST /api/v1/markers`: what somebody else deployed, or changed without deploying. `by`: whose token it was.
 * Without an id of the sender's, what the marker says is its id. A sender's ids are told apart by `by`, so that two tools that
 * both count from 1 do not overwrite each other.
 */
export function decodeMarker(raw: unknown, by: string): Decoded<Marker> {
  const read = decodeWith(markerBody, raw);
  if (!read.ok) return read;
  const { id, app, environment, kind, version, liveAt, commit, text, url } = read.value;
  const lane = laneId(app, environment);
  const own =
    id === undefined
      ? markerId('said', lane, by, kind, version, liveAt.toISOString(), text ?? '', url ?? '')
      : markerId('named', lane, by, id);
  return decoded({ lane, id: own, kind, version, liveAt, commit, by, text, url });
}
