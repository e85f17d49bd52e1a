import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../../shared/lane/decision.ts';
import type { Evidence, Lane } from '../../../shared/lane/lane.ts';
import type { Look } from '../../../shared/lane/look.ts';
import type { DeploymentId } from '../../../shared/lane/words.ts';
import { aRef } from '../../builders/build.ts';
import { decided, moved } from '../../builders/decide.ts';
import {
  approve,
  arrival,
  copied,
  copyRefused,
  done,
  endWatch,
  holdLane,
  refused,
  reject,
  releaseLane,
  retry,
  rollBack,
  settled,
  unknown,
  wake,
} from '../../builders/input.ts';
import { someEvidence, watchingLane } from '../../builders/lane.ts';
import { holding, identityOf, silent, swappedLook } from '../../builders/look.ts';
import { aPolicy } from '../../builders/policy.ts';
import { deployment } from '../../builders/record.ts';
import { at } from '../../builders/time.ts';

const judged = (verdict: Evidence['verdict'], more: Partial<Evidence> = {}, of = deployment): LaneEvent =>
  settled({ type: 'judge', deployment: of }, done(someEvidence(verdict, more)));
const looked = (look: Partial<Look> = {}): LaneEvent =>
  settled({ type: 'look', deployment, intent: null }, done(swappedLook(look)));
const other = 'd-other' as DeploymentId;
const probe = { id: `${deployment}-probe`, sentAt: at('10:05') };
const asking = aPolicy({ rollback: { mode: 'ask', askExpiresAfterMs: 1_800_000, holdAfter: true } });
const contract = aRef('1.1.0', { schemaChange: 'contract' });
const noRollback = 'ignored: you saw b-1.0.0 live; live is 1.1.0 (b-1.1.0)';

test.each<{ when: string; event: LaneEvent; becomes: string; lane?: Lane; now?: Date }>([
  { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'watching; waits 1.2.0' },
  {
    when: 'an older build arrives',
    event: arrival('1.0.5', { number: 99 }),
    becomes: 'ignored: 1.0.5 is older than 1.1.0; a person can command it',
  },
  {
    when: 'the same build arrives',
    event: arrival('1.1.0'),
    becomes: `ignored: 1.1.0 is being deployed already (${deployment})`,
  },
  { when: 'a package was copied', event: copied(), becomes: 'ignored: the package is published already' },
  { when: 'a package was refused', event: copyRefused(), becomes: 'ignored: the package is published already' },
  { when: 'a person approves', event: approve(), becomes: 'ignored: it is live already' },
  { when: 'a person rejects', event: reject(), becomes: 'ignored: it is live already' },
  { when: 'a person retries', event: retry('1.1.0'), becomes: 'ignored: 1.1.0 is live' },
  { when: 'a person holds', event: holdLane, becomes: 'watching; held' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
  { when: 'a person rolls back', event: rollBack('1.1.0'), becomes: 'rolling-back/looking' },
  { when: 'a person who saw another build rolls back', event: rollBack('1.0.0'), becomes: noRollback },
  { when: 'a person ends the watch', event: endWatch(), becomes: 'nothing moves; 1.1.0 live' },
  {
    when: 'a person ends another watch',
    event: endWatch('1.1.0', 'd-other'),
    becomes: `ignored: you named d-other; watched is ${deployment}`,
  },
  { when: 'a person who saw another build ends the watch', event: endWatch('1.0.0'), becomes: noRollback },
  { when: 'the clock comes', event: wake(), becomes: 'watching' },
  { when: 'a stale wake comes', event: wake(6), becomes: 'ignored: a wake of step 6; the lane is at 7' },
  { when: 'production holds what went live', event: looked(), becomes: 'ignored: production holds what went live' },
  {
    when: 'production does not answer',
    event: looked({ production: silent('1.1.0') }),
    becomes: 'ignored: production holds what went live',
  },
  {
    when: 'an operation is in progress',
    event: looked({ operation: 'op', production: holding('2.0.0') }),
    becomes: 'ignored: production holds what went live',
  },
  { when: 'production holds another', event: looked({ production: holding('2.0.0') }), becomes: 'watching' },
  {
    when: 'production could not be looked at',
    event: settled({ type: 'look', deployment, intent: null }, refused),
    becomes: 'ignored: production could not be looked at',
  },
  {
    when: 'the look of another deployment comes',
    event: settled({ type: 'look', deployment: other, intent: null }, refused),
    becomes: 'ignored: the new version is being watched',
  },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, refused),
    becomes: 'ignored: a deployment is moving now',
  },
  {
    when: 'another effect ends',
    event: settled({ type: 'verify', deployment }, done([])),
    becomes: 'ignored: the new version is being watched',
  },
  {
    when: 'the verdict on another deployment comes',
    event: judged('bad', {}, other),
    becomes: 'ignored: the new version is being watched',
  },
  { when: 'it is bad', event: judged('bad'), becomes: 'rolling-back/looking' },
  {
    when: 'it is bad before the watch is over',
    event: judged('bad'),
    now: at('10:01'),
    becomes: 'rolling-back/looking',
  },
  {
    when: 'it is bad and the policy asks',
    event: judged('bad'),
    lane: watchingLane({ policy: asking }),
    becomes: 'awaiting-rollback',
  },
  {
    when: 'it is bad and contracts the schema',
    event: judged('bad'),
    lane: watchingLane({ build: contract }),
    becomes: 'awaiting-rollback',
  },
  { when: 'it is good so far', event: judged('so-far-good'), now: at('10:01'), becomes: 'watching' },
  { when: 'it is good to the end', event: judged('so-far-good'), becomes: 'watching' },
  {
    when: 'it is good and counted',
    event: judged('good', { counted: true }),
    lane: watchingLane({ probe }),
    becomes: 'nothing moves; 1.1.0 live',
  },
  {
    when: 'it is good and not counted',
    event: judged('so-far-good'),
    lane: watchingLane({ probe }),
    becomes: 'watching',
  },
  {
    when: 'it is never counted',
    event: judged('so-far-good'),
    lane: watchingLane({ probe, extensions: 4 }),
    becomes: 'nothing moves; 1.1.0 live',
  },
  {
    when: 'checks cannot be asked to the last',
    event: judged('inconclusive', { counted: true }),
    lane: watchingLane({ probe, extensions: 4 }),
    becomes: 'nothing moves; 1.1.0 live',
  },
  {
    when: 'checks cannot be asked',
    event: judged('inconclusive', { counted: true }),
    lane: watchingLane({ probe }),
    becomes: 'watching',
  },
])('watching: $when → $becomes', ({ event, becomes, lane = watchingLane(), now = at('10:05') }) => {
  expect(decided(lane, event, { now })).toBe(becomes);
});

test('each wake looks at production and judges, once', () => {
  const effects = [{ type: 'look', deployment, intent: null } as const, { type: 'judge', deployment } as const];
  expect(moved(watchingLane(), wake())).toMatchObject({ effects, lane: { wakeAt: at('10:05:15') } });
  expect(moved(watchingLane(), wake(), { pending: effects }).effects).toEqual([]);
});

describe('the verdict', () => {
  test('at the end of the watch a probe report goes out, and only its being counted proves that nothing is nothing', () => {
    const sent = moved(watchingLane(), judged('so-far-good'));
    expect(sent.effects).toContainEqual({ type: 'send-probe', deployment, probe: `${deployment}-probe` });
    expect(sent.lane).toMatchObject({ wakeAt: at('10:05:05'), active: { probe } });
    const extended = moved(sent.lane, judged('so-far-good'));
    expect(extended.lane.active).toMatchObject({
      extensions: 1,
      record: { why: 'the counting of errors is not proven yet (1 of 4)' },
    });
    expect(extended.effects.map(({ type }) => type)).not.toContain('send-probe');
    const ended = moved(extended.lane, judged('good', { counted: true }));
    expect(ended.records).toMatchObject([{ outcome: 'live', why: 'good: few errors', evidence: { verdict: 'good' } }]);
  });

  test('what was never proven is inconclusive, and says so', () => {
    const { records, lane } = moved(watchingLane({ probe, extensions: 4 }), judged('so-far-good'));
    expect(records).toMatchObject([
      { outcome: 'live', why: 'inconclusive: few errors', evidence: { verdict: 'inconclusive' } },
    ]);
    expect(lane.previous).toMatchObject({ version: '1.0.0' });
  });

  test.each([{ result: refused }, { result: unknown }])(
    'what cannot be judged ($result.end) is not watched for ever',
    ({ result }) => {
      const unjudged = settled({ type: 'judge', deployment }, result);
      let { lane } = moved(watchingLane(), unjudged);
      for (let round = 0; round < 4; round += 1) lane = moved(lane, unjudged).lane;
      const { records } = moved(lane, unjudged);
      expect(records).toMatchObject([
        { outcome: 'live', why: `inconclusive: the new version could not be judged: ${result.because}` },
      ]);
    },
  );

  test('a bad one is rolled back with its evidence', () => {
    const { lane, records, effects } = moved(watchingLane(), judged('bad'));
    expect(lane.active).toMatchObject({
      stage: 'rolling-back',
      why: 'bad: too many errors',
      by: null,
      bad: identityOf('1.1.0'),
      former: { version: '1.0.0' },
    });
    expect(records).toMatchObject([
      { stage: 'rolling-back', why: 'warmswap rolls 1.1.0 back: bad: too many errors', evidence: { verdict: 'bad' } },
    ]);
    expect(effects).toContainEqual({ type: 'look', deployment, intent: null });
  });

  test.each([
    {
      when: 'the policy asks',
      lane: watchingLane({ policy: asking }),
      why: 'bad: too many errors; the policy asks: roll back?',
    },
    {
      when: 'the schema was contracted',
      lane: watchingLane({ build: contract }),
      why: 'bad: too many errors; its schema change forbids an automatic rollback: roll back?',
    },
  ])('a bad one is asked about when $when', ({ lane, why }) => {
    const { lane: after, records } = moved(lane, judged('bad'));
    expect(records).toMatchObject([{ stage: 'awaiting-rollback', why, evidence: { verdict: 'bad' } }]);
    expect(after).toMatchObject({ wakeAt: at('10:35'), active: { expiresAt: at('10:35') } });
  });

  test('a verdict that did not change is kept without telling anybody', () => {
    const first = moved(watchingLane(), judged('so-far-good'), { now: at('10:01') });
    expect(first.effects).toEqual([{ type: 'announce', deployment }]);
    const again = moved(first.lane, judged('so-far-good', { why: 'few errors still' }), { now: at('10:01') });
    expect(again.effects).toEqual([]);
    expect(again.records).toMatchObject([{ why: 'watched: few errors still' }]);
    const same = moved(again.lane, judged('so-far-good', { why: 'few errors still' }), { now: at('10:01') });
    expect(same).toMatchObject({ effects: [], records: [], told: '' });
  });
});

describe('a stranger in production', () => {
  const stranger = (time: string, version = '2.0.0') => looked({ at: at(time), production: holding(version) });
  const once = () => moved(watchingLane(), stranger('10:05')).lane;

  test('is looked at again after the gap', () => {
    expect(once()).toMatchObject({
      wakeAt: at('10:05:15'),
      active: { stranger: { identity: identityOf('2.0.0'), at: at('10:05') } },
    });
  });

  test.each([
    { when: 'it is seen again too soon', event: stranger('10:05:14'), becomes: 'watching' },
    {
      when: 'it is seen again after the gap',
      event: stranger('10:05:15'),
      becomes: 'nothing moves; 1.1.0 needs-human; held',
    },
    { when: 'another one is seen', event: stranger('10:05:15', '3.0.0'), becomes: 'watching' },
    {
      when: 'another content of the same version is seen',
      event: looked({
        at: at('10:05:15'),
        production: { identity: { kudu: 'k-2.0.0', version: '2.0.1' }, answers: true },
      }),
      becomes: 'watching',
    },
    { when: 'it is gone', event: looked({ at: at('10:05:15') }), becomes: 'watching' },
  ])('$when → $becomes', ({ event, becomes }) => {
    expect(decided(once(), event)).toBe(becomes);
  });

  test('the time of the first of two equal looks counts, also when a third comes in between', () => {
    const { lane } = moved(once(), stranger('10:05:14'));
    expect(lane.active).toMatchObject({ stranger: { at: at('10:05') } });
    expect(moved(lane, stranger('10:05:15')).records).toMatchObject([
      { outcome: 'needs-human', why: 'while 1.1.0 was watched, somebody changed production to 2.0.0' },
    ]);
  });

  test('it is forgotten when production holds again what went live', () => {
    expect(moved(once(), looked()).lane.active).toMatchObject({ stranger: null });
  });
});

test('ending the watch lets in what waits', () => {
  const { lane } = moved(watchingLane(), arrival('1.2.0'));
  expect(decided(lane, endWatch())).toBe('staging/looking; 1.1.0 live');
});
