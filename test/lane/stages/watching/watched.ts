import type { LaneEvent } from '../../../../shared/lane/decision.ts';
import type { Evidence } from '../../../../shared/lane/lane.ts';
import type { Look } from '../../../../shared/lane/look.ts';
import type { DeploymentId } from '../../../../shared/lane/words.ts';
import { aRef } from '../../../builders/build.ts';
import { done, settled } from '../../../builders/input.ts';
import { someEvidence } from '../../../builders/lane.ts';
import { swappedLook } from '../../../builders/look.ts';
import { aPolicy } from '../../../builders/policy.ts';
import { deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';

export const judged = (verdict: Evidence['verdict'], more: Partial<Evidence> = {}, of = deployment): LaneEvent =>
  settled({ type: 'judge', deployment: of }, done(someEvidence(verdict, more)));
export const looked = (look: Partial<Look> = {}): LaneEvent =>
  settled({ type: 'look', deployment, intent: null }, done(swappedLook(look)));
export const other = 'd-other' as DeploymentId;
export const probe = { id: `${deployment}-probe`, sentAt: at('10:05') };
export const asking = aPolicy({ rollback: { mode: 'ask', askExpiresAfterMs: 1_800_000, holdAfter: true } });
export const contract = aRef('1.1.0', { schemaChange: 'contract' });
