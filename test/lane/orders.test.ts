import { describe, expect, test } from 'vitest';
import { decide } from '../../shared/lane/decide.ts';
import type { Facts } from '../../shared/lane/decision.ts';
import type { DeploymentRecord, Lane } from '../../shared/lane/lane.ts';
import type { DeploymentId } from '../../shared/lane/words.ts';
import { aBuild, aRef } from '../builders/build.ts';
import { decided, moved, someFacts } from '../builders/decide.ts';
import { arrival, deploy, done, holdLane, releaseLane, retry, rollBack, settled } from '../builders/input.ts';
import {
  awaitingApproval,
  awaitingRollback,
  idleLane,
  lookingAtSite,
  lookingForTheWayBack,
  swappingLane,
  verifyingLane,
  warmingLane,
  watchingLane,
} from '../builders/lane.ts';
import { aLook, holding, identityOf, nothing } from '../builders/look.ts';
import { aPolicy, byAda } from '../builders/policy.ts';
import { aLive, aRecord, deployment } from '../builders/record.ts';
import { at } from '../builders/time.ts';

const refusing = { policy: aPolicy({ arrivals: { mode: 'refuse' } }) };
const hold = { by: 'warmswap', because: '1.1.0 was rolled back', since: at('09:00') };
const kept = (...versions: string[]) =>
  versions.map((version) => ({ build: aRef(version), sha256: aRef(version).sha256 }));

describe('rolling back by command', () => {
  test.each<{ when: string; lane: Lane; saw?: string; becomes: string }>([
    { when: 'staging still holds the previous build', lane: idleLane(), becomes: 'rolling-back/looking' },
    { when: 'only a copy is kept', lane: idleLane({ previous: null }), becomes: 'rolling-back/looking' },
    {
      when: 'only the live build is kept',
      lane: idleLane({ previous: null, kept: kept('1.0.0') }),
      becomes: 'ignored: no build before 1.0.0 is kept',
    },
    {
      when: 'nothing is kept',
      lane: idleLane({ previous: null, kept: [] }),
      becomes: 'ignored: no build before 1.0.0 is kept',
    },
    {
      when: 'another build is live than the sender saw',
      lane: idleLane(),
      saw: '0.9.0',
      becomes: 'ignored: you saw b-0.9.0 live; live is 1.0.0 (b-1.0.0)',
    },
    {
      when: 'what is live came from elsewhere',
      lane: idleLane({ live: aLive('1.0.0', { build: null }) }),
      becomes: 'ignored: what runs in production was not deployed from here; there is nothing to roll back to',
    },
    {
      when: 'nothing is known to be live',
      lane: idleLane({ live: null }),
      becomes: 'ignored: what runs in production was not deployed from here; there is nothing to roll back to',
    },
    {
      when: 'it was adopted, and no copy of it is kept',
      lane: idleLane({ previous: null, kept: kept('0.9.0') }),
      becomes: 'ignored: no build before 1.0.0 is kept',
    },
    { when: 'a deployment is on its way', lane: warmingLane(), becomes: 'rolling-back/looking; 1.1.0 cancelled' },
    { when: 'the lane is on hold', lane: idleLane({ hold }), becomes: 'rolling-back/looking; held' },
  ])('$when → $becomes', ({ lane, saw = '1.0.0', becomes }) => {
    expect(decided(lane, rollBack(saw))).toBe(becomes);
  });

  test('mode observe: nothing is rolled back', () => {
    expect(decided(idleLane(), rollBack('1.0.0'), { policy: aPolicy({ mode: 'observe' }) })).toBe(
      'ignored: mode observe: nothing is rolled back',
    );
  });

  test('what the site was asked when it went live is asked now, whatever the file says by then', () => {
    const { warmUp, versionFrom } = aPolicy();
    const today = aPolicy({ warmUp: { ...warmUp, path: '/new' }, versionFrom: undefined, checks: [] });
    const policyOf = (live: Lane['live']) =>
      moved(idleLane({ live }), rollBack('1.0.0'), { policy: today }).lane.active?.policy;
    expect(policyOf(aLive('1.0.0'))).toEqual({ ...today, warmUp, versionFrom });
    expect(policyOf(aLive('1.0.0', { asks: null }))).toEqual(today);
  });

  test('goes to what ran before, also when it came from elsewhere and staging holds another by now', () => {
    const hotfix = aLive('1.0.1', { build: null });
    const live = aLive('1.1.0');
    const lane = { ...warmingLane(), live, previous: hotfix, kept: kept('1.1.0', '1.0.0') };
    const staged = { staging: holding('1.2.0'), production: holding('1.1.0') };
    const look = (now: string, of: Lane) =>
      moved(
        of,
        settled(
          { type: 'look', deployment: of.active?.record.id ?? null, intent: null },
          done(aLook({ ...staged, at: at(now) })),
        ),
      );
    const once = look('10:05', moved(lane, rollBack('1.1.0')).lane);
    expect(once.lane.active).toMatchObject({ former: hotfix });
    expect(look('10:05:15', once.lane).records).toMatchObject([
      { outcome: 'needs-human', why: 'staging holds 1.2.0 and no copy of 1.0.1 is kept' },
    ]);
  });

  test('is a deployment of its own, towards what staging still holds', () => {
    const { lane, records, effects, told } = moved(idleLane(), rollBack('1.0.0'));
    const id = records[0]?.id;
    expect(records).toMatchObject([
      {
        kind: 'rollback',
        build: { version: '0.9.0' },
        from: '1.0.0',
        stage: 'rolling-back',
        stages: [{ stage: 'queued' }, { stage: 'rolling-back' }],
        requestedBy: 'Ada',
        why: 'Ada rolls back 1.0.0 to 0.9.0: orders are lost',
      },
    ]);
    expect(lane.active).toMatchObject({
      build: { version: '1.0.0' },
      bad: identityOf('1.0.0'),
      former: aLive('0.9.0', { liveAt: at('07:00') }),
      by: 'Ada',
      why: 'orders are lost',
      at: { step: 'looking', since: at('10:05'), first: null },
    });
    expect(effects).toEqual([
      { type: 'look', deployment: id, intent: null },
      { type: 'announce', deployment: id },
    ]);
    expect(told).toBe('Ada rolls back 1.0.0 to 0.9.0: orders are lost');
  });

  test('towards a kept copy its identity is not known before it is published again', () => {
    const { lane } = moved(idleLane({ previous: null, kept: kept('1.0.0', '0.9.0', '0.8.0') }), rollBack('1.0.0'));
    expect(lane.active).toMatchObject({
      former: { version: '0.9.0', identity: nothing, deployment: null, build: aRef('0.9.0') },
    });
  });

  test('towards an adopted build it is the live one that names the row', () => {
    const { records } = moved(idleLane({ previous: aLive('0.9.0', { build: null }) }), rollBack('1.0.0'));
    expect(records).toMatchObject([{ kind: 'rollback', build: { version: '1.0.0' } }]);
  });

  test('what it cancels ends with its reason, and nothing that was only planned is sent', () => {
    const { records } = moved(verifyingLane(), rollBack('1.0.0'));
    expect(records).toMatchObject([
      { id: 'd-1.1.0', outcome: 'cancelled', why: 'Ada rolled back 1.0.0: orders are lost' },
      { kind: 'rollback', outcome: null },
    ]);
  });
});

describe('trying again', () => {
  const ended = (more: Partial<DeploymentRecord> = {}) =>
    aRecord('done', { id: 'd-0.9.5' as DeploymentId, build: aRef('0.9.5'), outcome: 'failed', ...more });
  const named = (more: Partial<DeploymentRecord> = {}): Partial<Facts> => ({ named: ended(more) });
  test.each<{ when: string; facts?: Partial<Facts>; lane?: Lane; saw?: string | null; becomes: string }>([
    { when: 'an older build that failed', becomes: 'staging/looking' },
    {
      when: 'a deployment nobody knows',
      facts: { named: null },
      becomes: 'ignored: there is no deployment d-0.9.5 in shop@production',
    },
    { when: 'one that has not ended', facts: named({ outcome: null }), becomes: 'ignored: 0.9.5 has not ended' },
    {
      when: 'a rollback',
      facts: named({ kind: 'rollback' }),
      becomes: 'ignored: a rollback is commanded by roll-back',
    },
    { when: 'what is live', facts: named({ build: aRef('1.0.0') }), becomes: 'ignored: 1.0.0 is live' },
    { when: 'having seen another build live', saw: '0.9.0', becomes: 'ignored: you saw b-0.9.0 live; live is 1.0.0' },
    { when: 'having seen nothing live', saw: null, becomes: 'ignored: you saw nothing live; live is 1.0.0' },
    { when: 'with nothing known to be live', lane: idleLane({ live: null }), saw: null, becomes: 'staging/looking' },
    {
      when: 'having seen something while nothing is known',
      lane: idleLane({ live: null }),
      becomes: 'ignored: you saw b-1.0.0 live; live is unknown',
    },
    {
      when: 'with an adopted build live',
      lane: idleLane({ live: aLive('1.0.0', { build: null }) }),
      saw: null,
      becomes: 'staging/looking',
    },
    {
      when: 'on a held lane',
      lane: idleLane({ hold }),
      becomes: 'ignored: on hold: 1.1.0 was rolled back; release it first',
    },
    {
      when: 'in mode observe',
      facts: { ...named(), policy: aPolicy({ mode: 'observe' }) },
      becomes: 'ignored: mode observe: nothing is deployed',
    },
  ])('$when → $becomes', ({ facts = named(), lane = idleLane(), saw = '1.0.0', becomes }) => {
    expect(decided(lane, retry(saw), facts)).toBe(becomes);
  });

  test('is a deployment of its own, asked for by who commanded it', () => {
    const { records, told, newBuild } = moved(idleLane(), retry('1.0.0'), named());
    expect(records).toMatchObject([
      { build: { version: '0.9.5' }, kind: 'deploy', requestedBy: 'Ada', stage: 'staging' },
    ]);
    expect(records[0]?.id).not.toBe('d-0.9.5');
    expect(told).toBe('Ada tries 0.9.5 again; 0.9.5 starts; looks at the site');
    expect(newBuild).toBeNull();
  });
});

describe('a build that was refused', () => {
  const older = aBuild('0.9.5');
  const known: Partial<Facts> = { known: { build: older, quarantined: null } };

  test.each<{ when: string; lane?: Lane; facts?: Partial<Facts>; version?: string; keep: boolean }>([
    { when: 'for its age', keep: true },
    { when: 'because the lane is busy', lane: verifyingLane(), facts: refusing, version: '1.2.0', keep: true },
    { when: 'and is known already', facts: known, keep: false },
    { when: 'because it is live', version: '1.0.0', keep: true },
  ])('$when: it is kept to be commanded: $keep', ({ lane = idleLane(), facts = {}, version = '0.9.5', keep }) => {
    const decision = decide(someFacts(facts), lane, arrival(version));
    expect(decision).toMatchObject({ kind: 'ignore', keep: keep ? aBuild(version) : null });
  });

  test.each<{ when: string; facts?: Partial<Facts>; lane?: Lane; saw?: string | null; becomes: string }>([
    { when: 'a person commands it', becomes: 'staging/looking' },
    {
      when: 'a person commands it although it was taken out',
      facts: { known: { build: older, quarantined: { because: 'by hand', at: at('09:00'), deployment: null } } },
      becomes: 'staging/looking',
    },
    { when: 'nobody knows it', facts: {}, becomes: 'ignored: no build b-0.9.5 is known in shop@production' },
    { when: 'it is live', lane: idleLane({ live: aLive('0.9.5') }), becomes: 'ignored: 0.9.5 is live' },
    { when: 'another is live than was seen', saw: '0.9.0', becomes: 'ignored: you saw b-0.9.0 live; live is 1.0.0' },
    {
      when: 'the lane is held',
      lane: idleLane({ hold }),
      becomes: 'ignored: on hold: 1.1.0 was rolled back; release it first',
    },
    { when: 'another moves', lane: verifyingLane(), becomes: 'ignored: 1.1.0 is being verified' },
  ])('$when → $becomes', ({ facts = known, lane = idleLane(), saw = '1.0.0', becomes }) => {
    expect(decided(lane, deploy(saw), facts)).toBe(becomes);
  });

  test.each<{ stage: string; lane: Lane; because: string }>([
    { stage: 'staging', lane: lookingAtSite(), because: '1.1.0 is being staged' },
    { stage: 'warming', lane: warmingLane(), because: '1.1.0 is being warmed' },
    { stage: 'awaiting-approval', lane: awaitingApproval({ approval: byAda }), because: '1.1.0 waits for approval' },
    { stage: 'swapping', lane: swappingLane(), because: '1.1.0 is being swapped in' },
    { stage: 'watching', lane: watchingLane(), because: '1.1.0 is live' },
    { stage: 'awaiting-rollback', lane: awaitingRollback(), because: '1.1.0 is live' },
    { stage: 'rolling-back', lane: lookingForTheWayBack(), because: '1.1.0 is being rolled back' },
  ])('waits for nobody: in $stage the command is ignored', ({ lane, because }) => {
    expect(decided(lane, deploy('1.0.0'), known)).toBe(`ignored: ${because}`);
  });

  test('is a deployment like any other, asked for by who commanded it', () => {
    expect(moved(idleLane(), deploy('1.0.0'), known)).toMatchObject({
      records: [{ build: { version: '0.9.5' }, kind: 'deploy', requestedBy: 'Ada' }],
      told: 'Ada commands 0.9.5; 0.9.5 starts; looks at the site',
      newBuild: null,
    });
  });
});

test('hold and release are told to the topic, with who and why, and so is the deployment that moves', () => {
  const held = moved(verifyingLane(), holdLane);
  expect(held).toMatchObject({
    effects: [
      { type: 'announce', deployment: null },
      { type: 'announce', deployment },
    ],
    told: 'on hold: Christmas',
    lane: { hold: { by: 'Ada', because: 'Christmas', since: at('10:05') } },
  });
  const released = moved(held.lane, releaseLane);
  expect(released).toMatchObject({
    effects: [
      { type: 'announce', deployment: null },
      { type: 'announce', deployment },
    ],
    told: 'released by Ada',
    lane: { hold: null },
  });
});
