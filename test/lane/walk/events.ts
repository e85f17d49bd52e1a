import type { LaneEvent } from '../../../shared/lane/decision.ts';
import type { Effect, EffectResult } from '../../../shared/lane/effect.ts';
import type { Command } from '../../../shared/lane/input.ts';
import type { Lane } from '../../../shared/lane/lane.ts';
import type { BuildId, DeploymentId, SchemaChange, Version } from '../../../shared/lane/words.ts';
import { aBuild } from '../../builders/build.ts';
import { arrival, settled, siteChanged } from '../../builders/input.ts';
import { someEvidence } from '../../builders/lane.ts';
import { identityOf } from '../../builders/look.ts';
import { lookAt, type Site } from './site.ts';

export const pick = <Item>(items: readonly [Item, ...Item[]], die: number): Item =>
  items[die % items.length] ?? items[0];

/** One of forty builds. `suffix` gives versions their length: the lane row is measured with the longest. */
export function anArrival(which: number, how: number, suffix: string): LaneEvent {
  const version = `1.${which % 40}.0`;
  const schemaChange = pick<SchemaChange>(['none', 'none', 'expand', 'contract'], how);
  return arrival(version, { schemaChange, version: `${version}${suffix}`.slice(0, 200) as Version });
}

/** A click by somebody who sees the lane as it is. */
export function aCommand(lane: Lane, records: string[], which: number, how: number): Command {
  const deployment = (lane.active?.record.id ?? 'd-none') as DeploymentId;
  const sawLive = (lane.live?.build?.id ?? 'b-none') as BuildId;
  const build = (lane.active?.build.id ?? 'b-none') as BuildId;
  const ended = records[how % Math.max(1, records.length)] ?? 'd-none';
  const reason = 'a person says so';
  return pick<Command>(
    [
      { type: 'approve', deployment, build },
      { type: 'reject', deployment, build, reason },
      { type: 'roll-back', sawLive, reason },
      { type: 'end-watch', deployment, sawLive },
      { type: 'hold', reason },
      { type: 'release' },
      { type: 'release' },
      { type: 'retry', deployment: ended as DeploymentId, sawLive: lane.live?.build?.id ?? null },
      { type: 'deploy', build: aBuild(`1.${how % 40}.0`).id, sawLive: lane.live?.build?.id ?? null },
    ],
    which,
  );
}

/** What comes late or twice: an event of the past, or a result that nobody waits for (any more). */
export function anOddEvent(lane: Lane, past: LaneEvent[], which: number, how: number): LaneEvent {
  const earlier = past[which % Math.max(1, past.length)];
  if (earlier !== undefined && how % 2 === 0) return earlier;
  if (how % 5 === 0) return siteChanged();
  const deployment = (how % 3 === 0 ? 'd-other' : (lane.active?.record.id ?? 'd-other')) as DeploymentId;
  const effect = pick<Effect>(
    [
      { type: 'verify', deployment },
      { type: 'judge', deployment },
      { type: 'warm', deployment, expects: identityOf('1.1.0') },
      { type: 'copy-package', deployment, build: aBuild().id, attempt: 1 },
      { type: 'look', deployment, intent: null },
      { type: 'announce', deployment },
    ],
    which,
  );
  return settled(effect as never, { end: 'refused', because: 'no longer wanted' });
}

/** An effect that does not end well: refused, unknown, or done with bad news. */
export function badly(
  site: Site,
  now: Date,
  effect: Exclude<Effect, { type: 'act' }>,
  how: number,
): EffectResult<unknown> {
  const die = how % 4;
  if (die === 0) return { end: 'refused', because: 'forbidden' };
  if (die === 1) return { end: 'unknown', because: 'the connection was reset' };
  return { end: 'done', value: badNews(site, now, effect, die === 2) };
}

function badNews(site: Site, now: Date, effect: Exclude<Effect, { type: 'act' }>, first: boolean): unknown {
  switch (effect.type) {
    case 'look': {
      const look = lookAt(site, now, effect.intent);
      return first
        ? { ...look, operation: 'op' }
        : { ...look, production: { identity: identityOf('past'), answers: true } };
    }
    case 'poll':
      return first ? { state: 'running' } : { state: 'lost', because: '404' };
    case 'warm':
      return { warm: false, why: '/health answered 503' };
    case 'verify':
      return [{ name: 'home', ok: false, status: 500, latencyMs: 9, why: 'answered 500' }];
    case 'judge':
      return someEvidence(first ? 'bad' : 'inconclusive');
    default:
      return null;
  }
}
