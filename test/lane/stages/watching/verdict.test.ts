import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../../shared/lane/lane.ts';
import { decided, moved } from '../../../builders/decide.ts';
import { refused, settled, unknown } from '../../../builders/input.ts';
import { watchingLane } from '../../../builders/lane.ts';
import { identityOf } from '../../../builders/look.ts';
import { deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';
import { asking, contract, judged, probe } from './watched.ts';

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

  describe('checks alone', () => {
    const failing = [{ name: 'home', ok: false, status: null, latencyMs: null, why: 'EAI_AGAIN' }];
    const byChecks = (more: Partial<Evidence> = {}) => judged('bad', { checks: failing, ...more });
    const doubting = () => moved(watchingLane(), byChecks(), { now: at('10:01') }).lane;

    test('are asked again before they are believed', () => {
      const { lane, records } = moved(watchingLane(), byChecks(), { now: at('10:01') });
      expect(lane).toMatchObject({ wakeAt: at('10:01:15'), active: { stage: 'watching', doubt: at('10:01') } });
      expect(records).toMatchObject([
        { why: 'asks again before it believes: too many errors', evidence: { verdict: 'inconclusive' } },
      ]);
    });

    test.each([
      { when: 'they fail again too soon', event: byChecks(), now: at('10:01:14'), becomes: 'watching' },
      { when: 'they fail again', event: byChecks(), now: at('10:01:15'), becomes: 'rolling-back/looking' },
      {
        when: 'they fail again when the watch is over',
        event: byChecks(),
        now: at('10:05'),
        becomes: 'rolling-back/looking',
      },
      {
        when: 'a new error comes as well',
        event: byChecks({ newGroups: [{ fingerprint: 'f', title: 'oops', reports: 5 }] }),
        now: at('10:01:01'),
        becomes: 'rolling-back/looking',
      },
      {
        when: 'errors grow as well',
        event: byChecks({ reportsPerMinute: 10, before: 3 }),
        now: at('10:01:01'),
        becomes: 'rolling-back/looking',
      },
      {
        when: 'errors come where there were none',
        event: byChecks({ reportsPerMinute: 10, before: null }),
        now: at('10:01:01'),
        becomes: 'rolling-back/looking',
      },
      {
        when: 'errors could not be counted',
        event: byChecks({ reportsPerMinute: null, before: null }),
        now: at('10:01:01'),
        becomes: 'watching',
      },
      {
        when: 'errors are as many as ever',
        event: byChecks({ reportsPerMinute: 30, before: 10 }),
        now: at('10:01:01'),
        becomes: 'watching',
      },
    ])('$when → $becomes', ({ event, now, becomes }) => {
      expect(decided(doubting(), event, { now })).toBe(becomes);
    });

    test('the first failure counts, also when a third comes in between', () => {
      const { lane } = moved(doubting(), byChecks(), { now: at('10:01:14') });
      expect(lane.active).toMatchObject({ doubt: at('10:01') });
    });

    test('what is well again is doubted no more; what could not be asked says nothing', () => {
      const unasked = moved(doubting(), judged('inconclusive'), { now: at('10:01:15') });
      expect(unasked.lane.active).toMatchObject({ doubt: at('10:01') });
      const well = moved(doubting(), judged('so-far-good'), { now: at('10:01:15') });
      expect(well.lane.active).toMatchObject({ doubt: null });
    });
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
    expect(after).toMatchObject({ wakeAt: at('10:10'), active: { expiresAt: at('10:35') } });
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
