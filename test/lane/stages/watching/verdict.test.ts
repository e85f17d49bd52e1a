import { describe, expect, test } from 'vitest';
import { moved } from '../../../builders/decide.ts';
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
