import { describe, expect, test } from 'vitest';
import { aRef } from '../../../builders/build.ts';
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
  unknown,
  wake,
} from '../../../builders/input.ts';
import { idleLane, lookingAtSite } from '../../../builders/lane.ts';
import { aLook, holding, identityOf, silent } from '../../../builders/look.ts';
import { aPolicy } from '../../../builders/policy.ts';
import { deployment } from '../../../builders/record.ts';
import { at } from '../../../builders/time.ts';
import { always, looked, other, type Row } from './always.ts';

describe('looking at the site', () => {
  test.each<Row>([
    ...always,
    { when: 'a newer build arrives', event: arrival('1.2.0'), becomes: 'staging/looking; waits 1.2.0' },
    { when: 'a person holds', event: holdLane, becomes: 'staging/looking; held' },
    { when: 'a person rolls back', event: rollBack('1.0.0'), becomes: 'rolling-back/looking; 1.1.0 cancelled' },
    {
      when: 'a person who saw another build rolls back',
      event: rollBack('1.1.0'),
      becomes: 'ignored: you saw b-1.1.0 live; live is 1.0.0 (b-1.0.0)',
    },
    { when: 'a package was copied', event: copied(), becomes: 'ignored: no package is waited for' },
    { when: 'a package was refused', event: copyRefused(), becomes: 'ignored: no package is waited for' },
    { when: 'the clock comes', event: wake(), becomes: 'staging/looking' },
    {
      when: 'the clock comes after half an hour',
      event: wake(),
      now: at('10:34:01'),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    { when: 'the site is in order', event: looked(), becomes: 'staging/copying' },
    {
      when: 'staging lacks the warm-up ping',
      event: looked({
        warmUpPing: { production: { path: '/health', statuses: '200,204' }, staging: { path: null, statuses: null } },
      }),
      becomes: 'staging/acting settings planned',
    },
    {
      when: 'production lacks the warm-up ping',
      event: looked({
        warmUpPing: {
          staging: { path: '/health', statuses: '200,204' },
          production: { path: '/health', statuses: '200' },
        },
      }),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'a preview is pending',
      event: looked({ targetSwapSlot: 'production' }),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'the site swaps by itself',
      event: looked({ autoSwapSlot: 'production' }),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'traffic is routed elsewhere',
      event: looked({ rampUpPercent: 10 }),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'an operation is in progress',
      event: looked({ operation: 'op-1' }),
      becomes: 'staging/looking',
    },
    { when: 'production is another', event: looked({ production: holding('2.0.0') }), becomes: 'staging/looking' },
    { when: 'production does not answer', event: looked({ production: silent('1.0.0') }), becomes: 'staging/copying' },
    {
      when: 'the look was refused',
      event: settled({ type: 'look', deployment, intent: null }, refused),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'how the look ended is unknown',
      event: settled({ type: 'look', deployment, intent: null }, unknown),
      becomes: 'nothing moves; 1.1.0 failed',
    },
    {
      when: 'the look of another deployment comes',
      event: settled({ type: 'look', deployment: other, intent: null }, refused),
      becomes: 'ignored: the site is being looked at',
    },
    {
      when: 'another effect ends',
      event: settled({ type: 'announce', deployment }, done(null)),
      becomes: 'ignored: the site is being looked at',
    },
  ])('$when → $becomes', ({ event, becomes, now = at('10:05') }) => {
    expect(decided(lookingAtSite(), event, { now })).toBe(becomes);
  });

  test('what production runs is adopted after two equal looks, and then the deployment goes on from it', () => {
    const first = moved(lookingAtSite(), looked({ at: at('10:05'), production: holding('2.0.0') }));
    expect(first.lane).toMatchObject({
      wakeAt: at('10:05:15'),
      active: { record: { why: 'production is not what we knew; looks again' } },
    });
    const second = moved(first.lane, looked({ at: at('10:05:15'), production: holding('2.0.0') }));
    expect(second.lane.live).toMatchObject({ build: null, version: '2.0.0', deployment: null });
    expect(second.lane.active).toMatchObject({
      at: { step: 'copying', former: { version: '2.0.0' } },
      record: { from: '2.0.0' },
    });
  });

  test('a build that somebody has swapped in meanwhile is not deployed over itself', () => {
    const staged = { build: aRef('1.1.0'), identity: identityOf('1.1.0') };
    const first = moved(lookingAtSite({}, { staged }), looked({ at: at('10:05'), production: holding('1.1.0') }));
    const { records, lane } = moved(first.lane, looked({ at: at('10:05:15'), production: holding('1.1.0') }));
    expect(records).toMatchObject([{ outcome: 'superseded', why: '1.1.0 is live already' }]);
    expect(lane.live).toMatchObject({ build: { version: '1.1.0' } });
  });

  test('an operation is waited for, and then looked at again', () => {
    const { lane, effects } = moved(lookingAtSite(), looked({ operation: 'op-1' }));
    expect(lane.wakeAt).toEqual(at('10:05:10'));
    expect(effects).toEqual([]);
    expect(moved(lane, wake(lane.step)).effects).toEqual([{ type: 'look', deployment, intent: null }]);
  });
});

test('first contact: what production runs is adopted, and the first deployment goes on', () => {
  const unknownYet = idleLane({ live: null, previous: null, kept: [], wakeAt: null, step: 0 });
  const started = moved(unknownYet, arrival('1.1.0'), { policy: aPolicy() });
  const id = started.lane.active?.record.id;
  if (id === undefined) throw new Error('nothing started');
  expect(started.records).toMatchObject([{ from: null }]);
  const look = (time: string) => settled({ type: 'look', deployment: id, intent: null }, done(aLook({ at: at(time) })));
  const once = moved(started.lane, look('10:05'));
  const tooSoon = moved(once.lane, look('10:05:14'));
  expect(tooSoon.lane.live).toBeNull();
  const adopted = moved(tooSoon.lane, look('10:05:15'));
  expect(adopted.lane.live).toMatchObject({ version: '1.0.0', build: null });
  expect(adopted.effects).toContainEqual(expect.objectContaining({ type: 'record-marker' }));
  expect(adopted.lane.active).toMatchObject({ at: { step: 'copying' } });
});
