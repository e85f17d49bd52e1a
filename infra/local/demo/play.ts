import { join } from 'node:path';
import { root } from '../root.ts';
import { startStack } from '../stack.ts';
import { type Counted, count } from './counted.ts';
import { openWorld } from './open-world.ts';
import type { Screen } from './screen.ts';
import { PATROL_MS, tell } from './story.ts';
import { externalLine, type Line, lineOf } from './table.ts';
import type { Truth } from './truths.ts';
import type { World } from './world.ts';

/** What the demo came to. `stopped`: why it could not be told to its end. */
export interface Played {
  ok: boolean;
  stopped: string | null;
  seconds: number;
  traffic: { requests: number; served: number; failed: number; perSecond: number; byVersion: object };
  deployments: Line[];
  truths: Truth[];
}

/** Starts a local Azure with the service on it, tells the story, and ends everything again. Never leaves a part running. */
export async function play(dataDir: string, screen: Screen, signal: AbortSignal): Promise<Played> {
  const startedAt = Date.now();
  const appsFile = join(root, 'infra/local/demo/apps.yaml');
  const timing = { patrolMs: PATROL_MS };
  const starting = startStack({ portBase: 0, dataDir, appsFile, timing, inMemory: true });
  const stack = await starting;
  try {
    signal.throwIfAborted();
    const { world, close } = await openWorld(stack.addresses, { dataDir, appsFile, screen, signal });
    screen.say(`the local Azure runs, and the service on it; Slack is to be seen at ${stack.addresses.slack}`);
    const status = setInterval(() => showTraffic(world), 500);
    const truths: Truth[] = [];
    const told = (truth: Truth): void => {
      truths.push(truth);
      screen.truth(truth);
    };
    try {
      const story = tell(world, told).then(() => null);
      const stopped = await Promise.race([story, stack.broken]).catch(reasonOf(signal));
      // A story that was outrun still ends, with the signal; nobody waits for it any more.
      story.catch(() => undefined);
      const { answered } = world.traffic;
      const { requests, served, failed, perSecond, byVersion } = count(answered, answered[0]?.beganAt ?? 0, Date.now());
      return {
        ok: stopped === null && truths.every(({ holds }) => holds),
        stopped,
        seconds: Math.round((Date.now() - startedAt) / 100) / 10,
        traffic: { requests, served, failed, perSecond: Math.round(perSecond * 10) / 10, byVersion },
        deployments: await linesOf(world).catch(() => []),
        truths,
      };
    } finally {
      clearInterval(status);
      screen.end();
      await close().catch(() => undefined);
    }
  } finally {
    await stack.close();
  }
}

/** The reason the signal was given counts, not the error of whoever was interrupted by it. */
const reasonOf =
  (signal: AbortSignal) =>
  (error: unknown): string => {
    const cause: unknown = signal.aborted ? signal.reason : error;
    return cause instanceof Error ? cause.message : String(cause);
  };

function showTraffic({ traffic, screen }: World): void {
  const { perSecond, failed, byVersion } = traffic.lately();
  const answering = Object.keys(byVersion).join(', ') || 'nobody';
  screen.traffic(`${perSecond.toFixed(0)} requests/s, ${failed} failed, answered by ${answering}`);
}

/** Oldest first. */
async function linesOf({ tables, traffic, stretches }: World): Promise<Line[]> {
  const [records, markers] = await Promise.all([tables.deployments(), tables.markers()]);
  const counted = (from: Date, to: Date): Counted => count(traffic.answered, from.getTime(), to.getTime());
  const deployed = records.map((record) => {
    const end = record.stages.find(({ stage }) => stage === 'done')?.at ?? new Date();
    return lineOf(record, markers, counted(record.createdAt, end));
  });
  const external = markers.flatMap((marker, index) => {
    const { from, to } = stretches.get(marker.version) ?? { from: marker.liveAt, to: marker.liveAt };
    const wasThere = index === markers.length - 1;
    return marker.kind === 'external' ? [externalLine(marker, wasThere, counted(from, to))] : [];
  });
  return [...deployed, ...external].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}
