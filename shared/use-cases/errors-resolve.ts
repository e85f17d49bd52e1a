import type { Fingerprint, LaneId, Version } from '../lane/words.ts';
import { type ErrorGroup, LostRace, type Ports } from '../ports.ts';

const TRIES = 5;

export type GroupPorts = Pick<Ports, 'now' | 'errors' | 'log'>;

export type GroupChanged = { changed: true; group: ErrorGroup } | { changed: false; because: string };

/**
 * A person says that a group is fixed in a version. Whether it came back is not asked here: the next fold derives that from the
 * versions it was seen in.
 */
export const resolveGroup = (
  ports: GroupPorts,
  lane: LaneId,
  fingerprint: Fingerprint,
  version: Version,
  by: string,
): Promise<GroupChanged> =>
  change(ports, lane, fingerprint, `resolved in ${version} by ${by}`, (group) => ({
    ...group,
    resolvedIn: version,
    resolvedAt: ports.now(),
    regressedIn: null,
  }));

/** A person says that a group is of no interest, or (with false) of interest again. It stays counted and is neither told nor judged. */
export const ignoreGroup = (
  ports: GroupPorts,
  lane: LaneId,
  fingerprint: Fingerprint,
  ignored: boolean,
  by: string,
): Promise<GroupChanged> =>
  change(ports, lane, fingerprint, `${ignored ? 'ignored' : 'no longer ignored'} by ${by}`, (group) => ({
    ...group,
    ignored,
  }));

/** Throws Unavailable, and LostRace when others kept writing. */
async function change(
  ports: GroupPorts,
  lane: LaneId,
  fingerprint: Fingerprint,
  told: string,
  changed: (group: ErrorGroup) => ErrorGroup,
): Promise<GroupChanged> {
  for (let tries = 1; ; tries += 1) {
    const stored = await ports.errors.group(lane, fingerprint);
    if (stored === null) return { changed: false, because: `there is no error group ${fingerprint} in ${lane}` };
    const group = changed(stored.group);
    try {
      await ports.errors.saveGroups(lane, [{ group, etag: stored.etag }]);
      ports.log.info('error group', { lane, fingerprint, told });
      return { changed: true, group };
    } catch (error) {
      if (!(error instanceof LostRace) || tries === TRIES) throw error;
    }
  }
}
