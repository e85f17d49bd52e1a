import { describe, expect, test } from 'vitest';
import {
  DURING_SWAP,
  inForceAt,
  markerOf,
  NO_VERSION,
  tie,
  tieSum,
  timelineOf,
} from '../../shared/correlation/attribution.ts';
import type { LaneId, Marker, MarkerKind, Version } from '../../shared/lane/words.ts';
import { at } from './error-report.ts';

function marker(version: string, liveAt: Date, kind: MarkerKind = 'deploy', switched?: [from: Date, to: Date]): Marker {
  const switchedBetween = switched && { from: switched[0], to: switched[1] };
  const id = `${version}-${liveAt.getTime()}`;
  return { lane: 'a@b' as LaneId, id, kind, version: version as Version, liveAt, switchedBetween };
}

const timeline = timelineOf([
  marker('1.0', at('12:00:00'), 'rollback', [at('11:59:00'), at('11:59:30')]),
  marker('1.1', at('11:00:00'), 'deploy', [at('10:59:00'), at('10:59:30')]),
  marker('dark mode', at('11:30:00'), 'flag'),
  marker('1.0', at('10:00:00'), 'external'),
]);
const occurring = (from: string, to = from, version: string | null = null) => ({
  version: version as Version | null,
  firstAt: at(from),
  lastAt: at(to),
});

describe('a report', () => {
  test.each([
    ['09:59:59.999', NO_VERSION],
    ['10:00:00', '1.0'],
    ['10:58:59.999', '1.0'],
    ['10:59:00', DURING_SWAP],
    ['10:59:29.999', DURING_SWAP],
    ['10:59:30', '1.1'],
    ['11:45:00', '1.1'],
    ['11:59:10', DURING_SWAP],
    ['23:00:00', '1.0'],
  ])('without a version at %s counts under %s', (clock, under) => {
    expect(tie(occurring(clock), timeline).under).toBe(under);
  });

  test('with a version is that version’s, whatever was live', () => {
    expect(tie(occurring('10:59:10', '10:59:10', '2.0'), timeline)).toEqual({ version: '2.0', under: '2.0' });
  });

  test('sum that reaches over a switch is kept apart', () => {
    expect(tie(occurring('10:58:50', '10:59:40'), timeline).under).toBe(DURING_SWAP);
    expect(tie(occurring('09:59:50', '10:00:10'), timeline).under).toBe(DURING_SWAP);
  });

  test('before the first marker is known to be older than all', () => {
    expect(tie(occurring('09:00:00'), timeline)).toEqual({ version: null, under: NO_VERSION, beforeMarkers: true });
    expect(tie(occurring('09:00:00'), timelineOf([]))).toMatchObject({ beforeMarkers: true });
  });
});

test('a compacted sum over several versions counts under none, one within a reign under its own', () => {
  expect(tieSum(occurring('10:10:00', '11:20:00'), timeline)).toMatchObject({
    under: NO_VERSION,
    beforeMarkers: false,
  });
  expect(tieSum(occurring('11:10:00', '11:20:00'), timeline)).toEqual({ version: '1.1', under: '1.1' });
});

test('the first going live is the first, although a version came back', () => {
  expect(Object.fromEntries(timeline.firstLive)).toEqual({ '1.0': at('10:00:00'), '1.1': at('11:00:00') });
});

test('in force, and the newest marker of a version', () => {
  expect(inForceAt(timeline, at('09:00:00'))).toBeNull();
  expect(inForceAt(timeline, at('11:40:00'))?.version).toBe('1.1');
  expect(markerOf(timeline, '1.0' as Version)?.liveAt).toEqual(at('12:00:00'));
  expect(markerOf(timeline, '9.9' as Version)).toBeNull();
});
