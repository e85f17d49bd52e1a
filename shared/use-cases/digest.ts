import { hash64 } from '../correlation/hash.ts';
import type { DeploymentRecord, Lane } from '../lane/lane.ts';
import type { LaneId } from '../lane/words.ts';
import { type ErrorGroup, LostRace, type Message, type Ports } from '../ports.ts';

/** What one channel is told of a day. */
export interface DigestFacts {
  /** The day's first instant, UTC. */
  day: Date;
  now: Date;
  lanes: { lane: Lane; deployments: DeploymentRecord[]; newErrors: ErrorGroup[] }[];
}

export interface Digested {
  posted: string[];
  /** Told before, nobody to tell, or refused by Slack. */
  left: { channel: string; because: string }[];
}

const dayMs = 86_400_000;
const mostDeployments = 200;

/**
 * Once a day and channel: what was deployed, how long it took, what was rolled back, which errors were new and what waits. A day that
 * was told is not told again, however often the timer fires. Throws Unavailable; the channels already told stay told.
 */
export async function digest(ports: Ports, render: (facts: DigestFacts) => Message): Promise<Digested> {
  const done: Digested = { posted: [], left: [] };
  const { messenger } = ports;
  if (messenger === null) return done;
  const now = ports.now();
  const day = new Date(Math.floor(now.getTime() / dayMs) * dayMs - dayMs);
  for (const [channel, lanes] of channelsOf(ports)) {
    const [first] = lanes;
    if (first === undefined) continue;
    const subject = `digest!${hash64(channel)}!${day.toISOString().slice(0, 10)}`;
    if ((await ports.notices.get(first, subject)) !== null) {
      done.left.push({ channel, because: 'told already' });
      continue;
    }
    const facts = { day, now, lanes: await Promise.all(lanes.map((lane) => factsOf(ports, lane, day))) };
    const posted = await messenger.post(channel, render(facts));
    if (!posted.posted) {
      done.left.push({ channel, because: posted.because });
      continue;
    }
    await noted(ports, first, { subject, channel: posted.channel, ts: posted.ts });
    done.posted.push(channel);
  }
  return done;
}

/** Two timers at once: the other one noted it first. */
async function noted(
  ports: Ports,
  lane: LaneId,
  told: { subject: string; channel: string; ts: string },
): Promise<void> {
  try {
    await ports.notices.save(lane, { ...told, shown: told.subject, threadShown: [] }, null);
  } catch (error) {
    if (!(error instanceof LostRace)) throw error;
  }
}

function channelsOf({ apps }: Ports): Map<string, LaneId[]> {
  const channels = new Map<string, LaneId[]>();
  for (const lane of apps.lanes()) {
    const channel = apps.policy(lane).slack?.channel;
    if (channel !== undefined) channels.set(channel, [...(channels.get(channel) ?? []), lane]);
  }
  return channels;
}

async function factsOf(ports: Ports, lane: LaneId, day: Date): Promise<DigestFacts['lanes'][number]> {
  const [stored, deployments, groups] = await Promise.all([
    ports.lanes.load(lane),
    ports.lanes.deployments(lane, mostDeployments),
    ports.errors.groups(lane),
  ]);
  const end = new Date(day.getTime() + dayMs);
  const within = (at: Date): boolean => at >= day && at < end;
  return {
    lane: stored.lane,
    deployments: deployments.filter(({ stages }) => stages.some(({ at }) => within(at))),
    newErrors: groups.flatMap(({ group }) => (within(group.firstAt) ? [group] : [])),
  };
}
