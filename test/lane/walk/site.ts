import type { Effect, EffectResult, EffectValues } from '../../../shared/lane/effect.ts';
import { openAct, withOpenAct } from '../../../shared/lane/finish.ts';
import type { Deployment, Lane } from '../../../shared/lane/lane.ts';
import type { Look, Published } from '../../../shared/lane/look.ts';
import type { Act } from '../../../shared/lane/swap/act.ts';
import { preconditions } from '../../../shared/lane/swap/preconditions.ts';
import type { Identity } from '../../../shared/lane/words.ts';
import { someEvidence } from '../../builders/lane.ts';
import { aLook, identityOf } from '../../builders/look.ts';
import { timing } from '../../builders/policy.ts';

/** A site as far as a lane can tell: two contents, ARM's stamp, and what became of our publishes. */
export interface Site {
  production: Identity;
  staging: Identity;
  stamp: number;
  published: Map<string, Published>;
  preview: boolean;
}

export const newSite = (): Site => ({
  production: identityOf('0.9.0'),
  staging: identityOf('0.8.0'),
  stamp: 0,
  published: new Map(),
  preview: false,
});

export function lookAt(site: Site, now: Date, intent: string | null): Look {
  return aLook({
    at: now,
    production: { identity: site.production, answers: true },
    staging: { identity: site.staging, answers: true },
    stamp: site.stamp === 0 ? null : `swap ${site.stamp}`,
    targetSwapSlot: site.preview ? 'production' : null,
    published: intent === null ? null : (site.published.get(intent) ?? { state: 'none' }),
  });
}

/** What the request of an act brings about once ARM or Kudu took it. */
export function carryOut(site: Site, { goal, intent }: Act, version: string): void {
  switch (goal.kind) {
    case 'swap':
      [site.production, site.staging] = [site.staging, site.production];
      site.stamp += 1;
      return;
    case 'publish':
      for (const [other, state] of site.published)
        if (state.state === 'complete') site.published.set(other, { ...state, active: false });
      site.staging = { kudu: `k-${intent}`, version };
      site.published.set(intent, { state: 'complete', kudu: `k-${intent}`, active: true });
      return;
    case 'reset':
      site.preview = false;
      return;
    case 'settings':
      return;
  }
}

/** How the one request of a claimed act goes. */
export type Sending = 'carried-out' | 'accepted' | 'refused' | 'unknown-done' | 'unknown-lost' | 'crashed' | 'preview';

/** What an effect comes to: how it ended (null: it is still pending), and the lane, which a claim changes. */
export interface Outcome<T extends Effect['type']> {
  lane: Lane;
  result: EffectResult<EffectValues[T]> | null;
}

/** As the performer does it: preconditions at the moment of acting, a claim, and one request. */
export function act(site: Site, lane: Lane, now: Date, intent: string, sending: Sending): Outcome<'act'> {
  const open = openAct(lane);
  const { active } = lane;
  if (active === null || open === null || open.intent !== intent)
    return { lane, result: { end: 'refused', because: 'this act is no longer wanted' } };
  if (open.step !== 'planned') return { lane, result: { end: 'unknown', because: 'claimed by another invocation' } };
  const look = lookAt(site, now, null);
  const pre = preconditions(now, timing, active.policy, open, formerOf(active), look);
  if (!pre.met) {
    if ('wait' in pre) return { lane, result: null };
    return {
      lane,
      result:
        'refuse' in pre ? { end: 'refused', because: pre.refuse } : { end: 'refused', because: pre.mismatch, look },
    };
  }
  const { goal, attempt } = open;
  const claimed = withOpenAct(lane, { step: 'sending', goal, intent: open.intent, attempt, claim: { at: now, look } });
  return { lane: claimed, result: send(site, active, open, sending) };
}

function send(site: Site, at: Deployment, open: Act, sending: Sending): EffectResult<EffectValues['act']> | null {
  const taken = sending !== 'refused' && sending !== 'unknown-lost' && sending !== 'preview' && sending !== 'crashed';
  if (taken) carryOut(site, open, publishedVersion(at));
  if (sending === 'preview' && open.goal.kind === 'swap') site.preview = true;
  switch (sending) {
    case 'carried-out':
      return { end: 'done', value: { token: null, complete: true } };
    case 'accepted':
      return { end: 'done', value: { token: 'token', complete: false } };
    case 'refused':
      return { end: 'refused', because: '409' };
    case 'crashed':
      return null;
    case 'preview':
    case 'unknown-done':
    case 'unknown-lost':
      return { end: 'unknown', because: 'the connection was reset' };
  }
}

function publishedVersion(at: Deployment): string {
  return at.stage === 'rolling-back' ? at.former.version : at.build.version;
}

function formerOf(at: Deployment): Identity {
  if (at.stage === 'rolling-back') return at.bad;
  if (at.stage === 'staging') return at.at.step === 'looking' ? identityOf('none') : at.at.former.identity;
  return 'former' in at ? at.former.identity : identityOf('none');
}

/** The result of any other effect on a day when all is well. */
export function calmly(
  site: Site,
  lane: Lane,
  now: Date,
  effect: Exclude<Effect, { type: 'act' }>,
): EffectResult<EffectValues[Effect['type']]> {
  switch (effect.type) {
    case 'look':
      return { end: 'done', value: lookAt(site, now, effect.intent) };
    case 'poll':
      return { end: 'done', value: { state: 'ended', well: true, because: '200' } };
    case 'warm':
      return { end: 'done', value: { warm: true, why: '/health answered 200' } };
    case 'verify':
      return { end: 'done', value: [{ name: 'home', ok: true, status: 200, latencyMs: 9, why: 'as expected' }] };
    case 'judge': {
      const counted = lane.active?.stage === 'watching' && lane.active.probe !== null;
      return { end: 'done', value: someEvidence(counted ? 'good' : 'so-far-good', { counted }) };
    }
    case 'copy-package':
    case 'send-probe':
    case 'record-marker':
    case 'reply':
    case 'announce':
      return { end: 'done', value: null };
  }
}
