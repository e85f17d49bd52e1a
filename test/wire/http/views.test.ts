import { expect, test } from 'vitest';
import type { DeadLetter } from '../../../shared/ports.ts';
import { deadLetterView, wholeDeadLetterView } from '../../../shared/wire/http/dead-letter-view.ts';
import { deploymentView } from '../../../shared/wire/http/deployment-view.ts';
import { errorGroupView } from '../../../shared/wire/http/error-group-view.ts';
import { inputView } from '../../../shared/wire/http/input-view.ts';
import { journalView } from '../../../shared/wire/http/journal-view.ts';
import { laneView } from '../../../shared/wire/http/lane-view.ts';
import { markerView } from '../../../shared/wire/http/marker-view.ts';
import { problem } from '../../../shared/wire/http/problem.ts';
import { at, build, group, LANE, lane, record, ref } from '../facts.ts';

/** As it leaves: what JSON cannot carry would be lost here. */
const sent = (view: object): unknown => JSON.parse(JSON.stringify(view));

const evidence = {
  verdict: 'bad' as const,
  why: 'a new error',
  newGroups: [{ fingerprint: 'f', title: 't', reports: 9 }],
  reportsPerMinute: 12,
  before: 0.5,
  checks: record.checks,
  counted: true,
};

test('a deployment', () => {
  expect(sent(deploymentView({ ...record, evidence }))).toMatchSnapshot();
});

test('a lane, moving, with one waiting and held', () => {
  const moving = { ...lane.live, record, build: ref, stage: 'awaiting-approval' } as never;
  const hold = { by: 'ada', because: 'stock-taking', since: at('10:00:00') };
  expect(sent(laneView({ ...lane, active: moving, queue: [{ record, build: ref }], hold }))).toMatchSnapshot();
});

test('a lane never seen', () => {
  const fresh = { ...lane, live: null, previous: null, wakeAt: null };
  expect(sent(laneView(fresh))).toMatchObject({ id: LANE, live: null, active: null, queue: [], wakeAt: null });
});

test('a marker, with all and with the least', () => {
  const least = { lane: LANE, id: 'm', kind: 'external' as const, version: build.version, liveAt: at('09:00:00') };
  expect(sent(markerView(least))).toEqual({
    lane: LANE,
    id: 'm',
    kind: 'external',
    version: '1.1.0',
    liveAt: '2026-03-02T09:00:00.000Z',
    switchedBetween: null,
    deployment: null,
    build: null,
    commit: null,
    by: null,
    text: null,
    url: null,
  });
  const between = { from: at('09:18:25'), to: at('09:18:40') };
  expect(sent(markerView({ ...least, switchedBetween: between, by: 'ada' }))).toMatchObject({
    by: 'ada',
    switchedBetween: { from: '2026-03-02T09:18:25.000Z', to: '2026-03-02T09:18:40.000Z' },
  });
});

test('an error group', () => {
  expect(sent(errorGroupView(group, 'new'))).toMatchSnapshot();
});

test('an input on its way, and one that was ignored', () => {
  expect(inputView('a@b~1', null)).toMatchObject({ id: 'a@b~1', state: 'pending' });
  const seen = {
    input: 'a@b~1',
    at: at('09:00:00'),
    outcome: 'ignored' as const,
    told: 'older than what is live',
    deployment: null,
  };
  expect(sent(inputView('a@b~1', seen))).toEqual({
    id: 'a@b~1',
    state: 'ignored',
    because: 'older than what is live',
    deployment: null,
    at: '2026-03-02T09:00:00.000Z',
  });
});

test('a journal line', () => {
  expect(
    sent(
      journalView({ seq: 3, at: at('09:00:00'), input: 'a@b~1', deployment: record.id, by: 'ada', told: 'approved' }),
    ),
  ).toEqual({
    seq: 3,
    at: '2026-03-02T09:00:00.000Z',
    input: 'a@b~1',
    deployment: record.id,
    by: 'ada',
    told: 'approved',
  });
});

test('a dead letter shows what was received only when asked for alone', () => {
  const letter: DeadLetter = {
    source: 'builds',
    id: 'x',
    at: at('09:00:00'),
    raw: '{"token":"hunter2"',
    truncated: false,
    reason: 'not JSON',
    replays: 1,
    replayedAt: null,
  };
  expect(JSON.stringify(deadLetterView(letter))).not.toContain('hunter2');
  expect(deadLetterView(letter)).toMatchObject({ source: 'builds', reason: 'not JSON', characters: 18, replays: 1 });
  expect(wholeDeadLetterView(letter)).toMatchObject({ raw: '{"token":<secret>' });
});

test('a problem', () => {
  expect(problem(400, 'lane: is missing')).toEqual({
    type: 'about:blank',
    status: 400,
    title: 'Bad Request',
    detail: 'lane: is missing',
  });
  expect(problem(418, 'x').title).toBe('Error');
});
