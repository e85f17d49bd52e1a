import { markerOf, type Timeline } from '../correlation/attribution.ts';
import { type GroupNotice, noticeDue } from '../correlation/group.ts';
import { hash64 } from '../correlation/hash.ts';
import type { Fingerprint, LaneId } from '../lane/words.ts';
import { type ErrorGroup, LastingFailure, LostRace, type Ports, Unavailable } from '../ports.ts';
import { withNotice } from './errors-group.ts';

const TRIES = 5;

interface Due {
  group: ErrorGroup;
  notice: GroupNotice;
}

export interface Announced {
  told: number;
  /** Could not be told; they stay due. */
  untold: number;
}

/**
 * Tells of new and regressed groups, and notes it afterwards: a crash in between repeats a notice, with the same id, and never loses
 * one. A topic that is down delays notices and nothing else.
 */
export async function announceGroups(
  ports: Pick<Ports, 'now' | 'errors' | 'events' | 'log'>,
  lane: LaneId,
  groups: ErrorGroup[],
  timeline: Timeline,
): Promise<Announced> {
  const due = groups.flatMap((group): Due[] => {
    const notice = noticeDue(group, timeline);
    return notice === null ? [] : [{ group, notice }];
  });
  const told: Due[] = [];
  for (const one of due) if (await tell(ports, one, timeline)) told.push(one);
  if (told.length > 0) await note(ports, lane, told);
  return { told: told.length, untold: due.length - told.length };
}

async function tell(
  ports: Pick<Ports, 'now' | 'events' | 'log'>,
  { group: { lane, fingerprint }, notice: { kind, version } }: Due,
  timeline: Timeline,
): Promise<boolean> {
  const deployment = markerOf(timeline, version)?.deployment ?? null;
  try {
    await ports.events.publish({
      // A message id may have 128 characters, a version alone 200.
      id: `error-group-${kind}-${fingerprint}-${hash64(lane, version)}`,
      type: 'io.warmswap.error-group.announced',
      subject: `${lane}!${fingerprint}`,
      time: ports.now(),
      data: { lane, fingerprint, kind, version, deployment },
    });
    return true;
  } catch (error) {
    if (!(error instanceof Unavailable || error instanceof LastingFailure)) throw error;
    ports.log.error('an error group could not be announced', { lane, fingerprint, kind, because: error.message });
    return false;
  }
}

/** Notes on the groups as they are now what was told. Who loses every race leaves the notice due: it is told again, not lost. */
async function note(ports: Pick<Ports, 'now' | 'errors'>, lane: LaneId, told: Due[]): Promise<void> {
  const notices = new Map<Fingerprint, GroupNotice>(told.map(({ group, notice }) => [group.fingerprint, notice]));
  for (let tries = 0; tries < TRIES; tries += 1) {
    const noted = (await ports.errors.groups(lane)).flatMap(({ group, etag }) => {
      const notice = notices.get(group.fingerprint);
      if (notice === undefined || Object.hasOwn(group.announced, notice.version)) return [];
      return [{ group: withNotice(group, notice.version, ports.now()), etag }];
    });
    if (noted.length === 0) return;
    try {
      await ports.errors.saveGroups(lane, noted);
      return;
    } catch (error) {
      if (!(error instanceof LostRace)) throw error;
    }
  }
}
