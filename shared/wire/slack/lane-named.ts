import { appOf, type LaneId } from '../../lane/words.ts';

export interface KnownLane {
  id: LaneId;
  /** Where it reports, by name or id; null: nowhere. */
  channel: string | null;
}

interface Channel {
  id: string;
  name: string;
}

/** Lanes a question is about: those named, else those that report to the channel, else all. At most 20. */
export function lanesMeant(
  named: string | undefined,
  lanes: readonly KnownLane[],
  channel: Channel,
): { lanes: LaneId[] } | { why: string } {
  const here = lanes.filter((lane) => reportsTo(lane, channel));
  const meant = named === undefined ? (here.length > 0 ? here : lanes) : lanes.filter(({ id }) => isNamed(id, named));
  if (meant.length === 0) return { why: nobody(named ?? '', lanes) };
  if (meant.length > 20) return { why: `Name one of ${meant.length}: app or app@environment.` };
  return { lanes: meant.map(({ id }) => id) };
}

/**
 * The one lane a command is about. A word that names none is refused and never taken for a reason: the lane of this channel would
 * then be moved by a misspelt name of another.
 */
export function oneLaneMeant(
  named: string | undefined,
  lanes: readonly KnownLane[],
  channel: Channel,
): { lane: LaneId } | { why: string } {
  const meant = lanes.filter((lane) => (named === undefined ? reportsTo(lane, channel) : isNamed(lane.id, named)));
  const [only, second] = meant;
  if (only !== undefined && second === undefined) return { lane: only.id };
  if (only !== undefined) return { why: `Nothing was done: which one? ${listed(meant)}` };
  if (named !== undefined) return { why: `Nothing was done: ${nobody(named, lanes)}` };
  return { why: `Nothing was done: name the app; nothing reports to this channel. There is ${listed(lanes)}` };
}

const isNamed = (id: LaneId, named: string): boolean => {
  const name = named.toLowerCase();
  return id === name || appOf(id) === name;
};

const reportsTo = ({ channel }: KnownLane, { id, name }: Channel): boolean =>
  channel !== null && (channel === id || channel.replace(/^#/, '') === name);

const nobody = (named: string, lanes: readonly KnownLane[]): string =>
  `no app is called ${named.slice(0, 100)}. There is ${listed(lanes)}`;

function listed(lanes: readonly KnownLane[]): string {
  const shown = lanes.slice(0, 20).map(({ id }) => id);
  return `${shown.join(', ')}${lanes.length > 20 ? ` and ${lanes.length - 20} more` : ''}`;
}
