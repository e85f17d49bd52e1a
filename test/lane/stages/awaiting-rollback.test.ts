import { describe, expect, test } from 'vitest';
import type { LaneEvent } from '../../../shared/lane/decision.ts';
import type { Look } from '../../../shared/lane/look.ts';
import type { DeploymentId } from '../../../shared/lane/words.ts';
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
  wake,
} from '../../builders/input.ts';
import { awaitingRollback, someEvidence } from '../../builders/lane.ts';
import { aLook, holding, swappedLook } from '../../builders/look.ts';
import { deployment } from '../../builders/record.ts';
import { at } from '../../builders/time.ts';

const looked = (look: Partial<Look> = {}): LaneEvent =>
  settled({ type: 'look', deployment, intent: null }, done(swappedLook(look)));
const swappedBack = (time: string): Partial<Look> => ({ at: at(time), production: holding('1.0.0') });
const other = 'd-other' as DeploymentId;
const sawAnother = 'ignored: you saw b-1.0.0 live; live is 1.1.0 (b-1.1.0)';

test.each<{ when: string; event: LaneEvent; becomes: string; now?: Date }>([
  { when: 'a person rolls back', event: rollBack('1.1.0'), becomes: 'rolling-back/looking' },
  { when: 'a person who saw another build rolls back', event: rollBack('1.0.0'), becomes: sawAnother },
  { when: 'a person keeps it', event: endWatch(), becomes: 'nothing moves; 1.1.0 live' },
  {
    when: 'a person names another deployment',
    event: endWatch('1.1.0', 'd-other'),
    becomes: `ignored: you named d-other; asked about is ${deployment}`,
  },
  { when: 'a person who saw another build keeps it', event: endWatch('1.0.0'), becomes: sawAnother },
  { when: 'the clock comes early', event: wake(), becomes: 'awaiting-rollback' },
  {
    when: 'the time is over, and production is looked at last',
    event: wake(),
    now: at('10:05'),
    becomes: 'awaiting-rollback',
  },
  { when: 'nobody decides', event: looked(), now: at('10:05'), becomes: 'nothing moves; 1.1.0 live; held' },
  { when: 'production holds what went live', event: looked(), becomes: 'ignored: production holds what went live' },
  {
    when: 'an operation is in progress when the time is over',
    event: looked({ operation: 'op' }),
    now: at('10:05'),
    becomes: 'ignored: production holds what went live',
  },
  {
    when: 'production could not be looked at',
    event: settled({ type: 'look', deployment, intent: null }, refused),
    becomes: 'ignored: production could not be looked at',
  },
  {
    when: 'the look of another deployment comes',
    event: settled({ type: 'look', deployment: other, intent: null }, refused),
    becomes: 'ignored: a person is waited for',
  },
  {
    when: 'production could not be looked at for half an hour after the time was over',
    event: wake(),
    now: at('10:35:01'),
    becomes: 'nothing moves; 1.1.0 needs-human; held',
  },
  { when: 'a person has changed production', event: looked(swappedBack('10:04')), becomes: 'awaiting-rollback' },
  {
    when: 'a stale wake comes',
    event: wake(6),
    now: at('10:05'),
    becomes: 'ignored: a wake of step 6; the lane is at 7',
  },
  { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'awaiting-rollback; waits 1.2.0' },
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
  {
    when: 'a late verdict comes',
    event: settled({ type: 'judge', deployment }, done(someEvidence('bad'))),
    becomes: 'ignored: a person is waited for',
  },
  {
    when: 'a patrol comes back',
    event: settled({ type: 'look', deployment: null, intent: null }, done(aLook())),
    becomes: 'ignored: a deployment is moving now',
  },
  { when: 'a person approves', event: approve(), becomes: 'ignored: nothing waits for approval: 1.1.0 is live' },
  { when: 'a person rejects', event: reject(), becomes: 'ignored: nothing waits for approval: 1.1.0 is live' },
  { when: 'a person retries', event: retry('1.1.0'), becomes: 'ignored: 1.1.0 is live' },
  { when: 'a person holds', event: holdLane, becomes: 'awaiting-rollback; held' },
  { when: 'a person releases', event: releaseLane, becomes: 'ignored: the lane is not on hold' },
])('awaiting rollback: $when → $becomes', ({ event, becomes, now = at('10:04') }) => {
  expect(decided(awaitingRollback(), event, { now })).toBe(becomes);
});

test('without an answer the build stays and nothing else starts, not even what waits', () => {
  const { lane } = moved(awaitingRollback(), arrival('1.2.0'), { now: at('10:04') });
  const { lane: after, records } = moved(lane, looked(), { now: at('10:05') });
  expect(records).toMatchObject([{ outcome: 'live', why: 'bad, and nobody decided before 2026-03-02T10:05:00.000Z' }]);
  expect(after).toMatchObject({
    active: null,
    hold: { by: 'warmswap', because: '1.1.0 was judged bad and stayed: too many errors' },
  });
  expect(after.queue.map(({ build }) => build.version)).toEqual(['1.2.0']);
});

test('a rollback names who decided and keeps the evidence as its reason', () => {
  const { lane } = moved(awaitingRollback(), rollBack('1.1.0'), { now: at('10:04') });
  expect(lane.active).toMatchObject({ by: 'Ada', why: 'too many errors' });
});

test('an early wake looks at production, and sets the clock to the next look or the end of the time', () => {
  const { lane, effects } = moved(awaitingRollback(), wake(), { now: at('10:04') });
  expect(lane).toMatchObject({ wakeAt: at('10:05'), step: 8 });
  expect(effects).toEqual([{ type: 'look', deployment, intent: null }]);
  expect(moved(awaitingRollback(), wake(), { now: at('09:00') }).lane.wakeAt).toEqual(at('09:05'));
  expect(moved(awaitingRollback(), wake(), { now: at('10:05') }).lane.wakeAt).toEqual(at('10:05:10'));
});

describe('a person swaps back by hand while a person is asked', () => {
  const once = () => moved(awaitingRollback(), looked(swappedBack('10:04')), { now: at('10:04') }).lane;

  test('is believed when it is seen again after the gap, and needs a person', () => {
    expect(once()).toMatchObject({ wakeAt: at('10:04:15'), active: { stranger: { at: at('10:04') } } });
    expect(decided(once(), looked(swappedBack('10:04:14')))).toBe('awaiting-rollback');
    const { records } = moved(once(), looked(swappedBack('10:04:15')), { now: at('10:05:15') });
    expect(records).toMatchObject([
      { outcome: 'needs-human', why: 'before anybody decided, production was changed to 1.0.0' },
    ]);
  });

  test('is forgotten when production holds again what went live', () => {
    expect(moved(once(), looked(), { now: at('10:04') }).lane.active).toMatchObject({ stranger: null });
  });

  test('that could not be looked at again needs a person', () => {
    const { records } = moved(once(), wake(once().step), { now: at('10:34:01') });
    expect(records).toMatchObject([
      { outcome: 'needs-human', why: 'production was seen to hold 1.0.0, and could not be looked at since' },
    ]);
  });
});
