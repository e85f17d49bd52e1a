import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../../shared/lane/effect.ts';
import type { BuildId } from '../../../../shared/lane/words.ts';
import { decided, moved } from '../../../builders/decide.ts';
import {
  arrival,
  copied,
  copyRefused,
  done,
  holdLane,
  refused,
  rollBack,
  settled,
  wake,
} from '../../../builders/input.ts';
import { copying } from '../../../builders/lane.ts';
import { deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';
import { always, looked, other, type Row } from './always.ts';

describe('copying the artefact', () => {
  const copy = (attempt = 1, of = deployment): Extract<Effect, { type: 'copy-package' }> => ({
    type: 'copy-package',
    deployment: of,
    build: 'b-1.1.0' as BuildId,
    attempt,
  });
  test.each<Row & { attempt?: number }>([
    ...always,
    { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'staging/copying; waits 1.2.0' },
    { when: 'a person holds', event: holdLane, becomes: 'staging/copying; held' },
    { when: 'a person rolls back', event: rollBack('1.0.0'), becomes: 'rolling-back/looking; 1.1.0 cancelled' },
    { when: 'our package was copied', event: copied(), becomes: 'staging/acting publish planned' },
    {
      when: 'an earlier attempt copied it after all',
      event: copied(),
      attempt: 2,
      becomes: 'staging/acting publish planned',
    },
    {
      when: 'another package was copied',
      event: copied('b'.repeat(64)),
      becomes: 'ignored: another package is waited for',
    },
    {
      when: 'the package of another deployment was copied',
      event: copied(undefined, other),
      becomes: 'ignored: no package is waited for',
    },
    { when: 'our package was refused', event: copyRefused(), becomes: 'nothing moves; 1.1.0 failed' },
    {
      when: 'an earlier attempt was refused',
      event: copyRefused(deployment, 1),
      attempt: 2,
      becomes: 'ignored: attempt 2 is waited for',
    },
    {
      when: 'the package of another deployment was refused',
      event: copyRefused(other),
      becomes: 'ignored: no package is waited for',
    },
    { when: 'the order was refused', event: settled(copy(), refused), becomes: 'nothing moves; 1.1.0 failed' },
    {
      when: 'the order of another deployment was refused',
      event: settled(copy(1, other), refused),
      becomes: 'ignored: the package is being copied',
    },
    {
      when: 'the order was placed',
      event: settled(copy(), done(null)),
      becomes: 'ignored: its copying is told by an input',
    },
    { when: 'a look comes', event: looked(), becomes: 'ignored: the package is being copied' },
    { when: 'the clock comes before the deadline', event: wake(), becomes: 'staging/copying' },
    { when: 'the clock comes at the deadline', event: wake(), now: at('10:10'), becomes: 'staging/copying' },
    {
      when: 'the third attempt is over',
      event: wake(),
      attempt: 3,
      now: at('10:10'),
      becomes: 'nothing moves; 1.1.0 failed',
    },
  ])('$when → $becomes', ({ event, becomes, attempt = 1, now = at('10:05') }) => {
    expect(decided(copying(attempt), event, { now })).toBe(becomes);
  });

  test('a wake that comes early sets the clock to the deadline again', () => {
    expect(moved(copying(), wake()).lane).toMatchObject({ wakeAt: at('10:10'), step: 8 });
  });

  test('an attempt that took too long is followed by another, under a number of its own', () => {
    const { effects, lane } = moved(copying(), wake(), { now: at('10:10') });
    expect(effects).toEqual([copy(2)]);
    expect(lane.active).toMatchObject({ at: { attempt: 2, deadline: at('10:20') } });
  });

  test('publishing over what staging held does not forget what ran before', () => {
    const { lane, effects } = moved(copying(), copied());
    expect(lane).toMatchObject({ previous: { version: '0.9.0' }, intentSeq: 4 });
    expect(effects).toEqual([{ type: 'act', deployment, intent: `${deployment}-4` }]);
  });
});
