import type { DeploymentRecord, Live, StageName } from '../../shared/lane/lane.ts';
import { asksOf } from '../../shared/lane/policy.ts';
import { type DeploymentId, type LaneId, laneId, type Version } from '../../shared/lane/words.ts';
import { aRef } from './build.ts';
import { identityOf } from './look.ts';
import { aPolicy } from './policy.ts';
import { at } from './time.ts';

export const lane: LaneId = laneId('shop', 'production');
/** The deployment of 1.1.0, which moves in the lanes of lane.ts. */
export const deployment = 'd-1.1.0' as DeploymentId;

export function aRecord(stage: StageName, more: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    id: deployment,
    lane,
    kind: 'deploy',
    build: aRef('1.1.0'),
    from: '1.0.0' as Version,
    stage,
    stages: [
      { stage: 'queued', at: at('09:58') },
      { stage, at: at('09:59') },
    ],
    createdAt: at('09:58'),
    outcome: null,
    why: 'as it was before',
    requestedBy: 'Grace',
    liveAt: null,
    checks: [],
    evidence: null,
    approvedBy: null,
    brokeGlass: false,
    slackChannel: '#shop',
    ...more,
  };
}

/** A version that went live here and still is (or was, before the next). */
export const aLive = (version: string, more: Partial<Live> = {}): Live => ({
  build: aRef(version),
  version: version as Version,
  identity: identityOf(version),
  deployment: `d-${version}` as DeploymentId,
  liveAt: at('08:00'),
  asks: asksOf(aPolicy()),
  ...more,
});
