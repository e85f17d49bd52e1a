import type { GroupState, Sample } from '../../correlation/words.ts';
import type { Fingerprint, LaneId, Version } from '../../lane/words.ts';
import type { ErrorGroupAnswer } from './answers.ts';
import { iso, isoOrNull } from './instant-text.ts';

/** What the view needs of a group as it is kept. */
export interface GroupToShow {
  lane: LaneId;
  fingerprint: Fingerprint;
  title: string;
  firstAt: Date;
  lastAt: Date;
  firstVersion: Version | null;
  lastVersion: Version | null;
  countByVersion: Record<string, number>;
  total: number;
  late: number;
  resolvedIn: Version | null;
  resolvedAt: Date | null;
  ignored: boolean;
  regressedIn: Version | null;
  sample: Sample;
}

/** An error group as the API shows it. `state` is derived by correlation from facts and what is live now. */
export const errorGroupView = (group: GroupToShow, state: GroupState): ErrorGroupAnswer => ({
  lane: group.lane,
  fingerprint: group.fingerprint,
  title: group.title,
  state,
  firstAt: iso(group.firstAt),
  lastAt: iso(group.lastAt),
  firstVersion: group.firstVersion,
  lastVersion: group.lastVersion,
  total: group.total,
  countByVersion: { ...group.countByVersion },
  late: group.late,
  resolvedIn: group.resolvedIn,
  resolvedAt: isoOrNull(group.resolvedAt),
  regressedIn: group.regressedIn,
  ignored: group.ignored,
  sample: { ...group.sample, occurredAt: iso(group.sample.occurredAt) },
});
