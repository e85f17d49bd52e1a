import type { LaneEvent } from '../../shared/lane/decision.ts';
import type { Effect, EffectResult, EffectValues } from '../../shared/lane/effect.ts';
import type { Command, Input } from '../../shared/lane/input.ts';
import type { Build, BuildId, DeploymentId, InputId, Sha256 } from '../../shared/lane/words.ts';
import { aBuild } from './build.ts';
import { deployment, lane } from './record.ts';

const about = (id: string) => ({ id: `${lane}~${id}` as InputId, lane });

export const arrival = (version: string, more: Partial<Build> = {}): Input => ({
  ...about(`build-${version}`),
  type: 'build-arrived',
  build: aBuild(version, more),
});

/** The wake of the waiting the lanes of lane.ts are in. */
export const wake = (step = 7): Input => ({ ...about(`wake${step}`), type: 'wake', step });

export const siteChanged = (request: string | null = null): Input => ({
  ...about('site'),
  type: 'site-changed',
  request,
});

export const command = (by: string, command: Command): Input => ({
  ...about('click'),
  type: 'command',
  by: { name: by },
  command,
});

const build = (version: string) => `b-${version}` as BuildId;
const named = (id: string) => id as DeploymentId;

export const approve = (by = 'Ada', version = '1.1.0', of: string = deployment): Input =>
  command(by, { type: 'approve', deployment: named(of), build: build(version) });
export const reject = (by = 'Ada', version = '1.1.0', of: string = deployment): Input =>
  command(by, { type: 'reject', deployment: named(of), build: build(version), reason: 'not on a Friday' });
export const rollBack = (sawLive: string): Input =>
  command('Ada', { type: 'roll-back', sawLive: build(sawLive), reason: 'orders are lost' });
export const endWatch = (sawLive = '1.1.0', of: string = deployment): Input =>
  command('Ada', { type: 'end-watch', deployment: named(of), sawLive: build(sawLive) });
export const holdLane: Input = command('Ada', { type: 'hold', reason: 'Christmas' });
export const releaseLane: Input = command('Ada', { type: 'release' });
export const retry = (sawLive: string | null, of = 'd-0.9.5'): Input =>
  command('Ada', { type: 'retry', deployment: named(of), sawLive: sawLive === null ? null : build(sawLive) });
export const deploy = (sawLive: string | null, version = '0.9.5'): Input =>
  command('Ada', { type: 'deploy', build: build(version), sawLive: sawLive === null ? null : build(sawLive) });

export const copied = (
  sha256: string = aBuild('1.1.0').artifact.sha256,
  of: string = deployment,
  attempt = 1,
): Input => ({
  ...about('copied'),
  type: 'package-copied',
  deployment: named(of),
  sha256: sha256 as Sha256,
  attempt,
});
export const copyRefused = (of: string = deployment, attempt = 1): Input => ({
  ...about('refused'),
  type: 'package-refused',
  deployment: named(of),
  because: 'the bytes do not match the digest',
  attempt,
});

/** An effect with how it ended, as the decider gets it back. */
export function settled<T extends Effect['type']>(
  effect: Extract<Effect, { type: T }>,
  result: EffectResult<EffectValues[T]>,
): LaneEvent {
  return { type: 'settled', of: effect.type, effect, result } as LaneEvent;
}

export const done = <Value>(value: Value): EffectResult<Value> => ({ end: 'done', value });
export const refused = { end: 'refused', because: 'forbidden' } as const;
export const unknown = { end: 'unknown', because: 'the connection was reset' } as const;
