import { describe, expect, test } from 'vitest';
import { decided, moved } from '../../../builders/decide.ts';
import { wake } from '../../../builders/input.ts';
import { watchingLane } from '../../../builders/lane.ts';
import { holding, identityOf } from '../../../builders/look.ts';
import { at } from '../../../builders/time.ts';
import { judged, looked } from './watched.ts';

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

  test('it is not waited for for ever: when no further look succeeds a person must look', () => {
    const still = moved(once(), wake(once().step), { now: at('10:35') }).lane;
    expect(still.active).toMatchObject({ stage: 'watching', stranger: { at: at('10:05') } });
    const { records } = moved(still, wake(still.step), { now: at('10:35:01') });
    expect(records).toMatchObject([
      { outcome: 'needs-human', why: 'production was seen to hold 2.0.0, and could not be looked at since' },
    ]);
  });

  test('a verdict about what may be another build is not acted on', () => {
    expect(decided(once(), judged('bad'))).toBe('ignored: production is not what went live; the next look decides');
  });

  test('it is forgotten when production holds again what went live', () => {
    expect(moved(once(), looked()).lane.active).toMatchObject({ stranger: null });
  });
});
