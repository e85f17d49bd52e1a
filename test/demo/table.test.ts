import { expect, test } from 'vitest';
import { count } from '../../infra/local/demo/counted.ts';
import { externalLine, lineOf, tableOf } from '../../infra/local/demo/table.ts';
import type { DeploymentRecord } from '../../shared/lane/lane.ts';
import type { Marker } from '../../shared/lane/words.ts';

const at = (seconds: number): Date => new Date(Date.parse('2026-01-01T00:00:00Z') + seconds * 1_000);

const record = {
  id: 'd1',
  kind: 'deploy',
  build: { version: '1.2.0' },
  createdAt: at(0),
  stage: 'done',
  outcome: 'rolled-back',
  why: 'bad',
  stages: [
    { stage: 'queued', at: at(0) },
    { stage: 'staging', at: at(0.1) },
    { stage: 'watching', at: at(3.5) },
    { stage: 'done', at: at(5) },
  ],
} as DeploymentRecord;

const markers = [
  { kind: 'external', deployment: undefined, version: '1.4.1', liveAt: at(9) },
  { kind: 'rollback', deployment: 'd1' },
  { kind: 'deploy', deployment: 'd1' },
] as Marker[];

const nobody = count([], 0, 0);
const traffic = { ...nobody, served: 120, failed: 7, perSecond: 60.04 };

test('a deployment becomes a line: its stages with their times, its markers in order, its traffic and its verdict', () => {
  expect(lineOf(record, markers, traffic)).toEqual({
    version: '1.2.0',
    kind: 'deploy',
    deployment: 'd1',
    startedAt: '2026-01-01T00:00:00.000Z',
    stages: [
      { stage: 'queued', seconds: 0.1 },
      { stage: 'staging', seconds: 3.4 },
      { stage: 'watching', seconds: 1.5 },
    ],
    meanwhile: { served: 120, failed: 7, perSecond: 60 },
    markers: ['deploy', 'rollback'],
    verdict: 'rolled-back',
    why: 'bad',
  });
});

test('the lines stand side by side', () => {
  const external = markers.slice(0, 1).map((marker) => externalLine(marker, false, nobody));
  expect(tableOf([lineOf(record, markers, traffic), ...external])).toEqual([
    'version  kind     stages, in seconds          served  failed  marker            verdict',
    '───────  ───────  ──────────────────────────  ──────  ──────  ────────────────  ───────────',
    '1.2.0    deploy   staging 3.4 · watching 1.5     120       7  deploy, rollback  rolled-back',
    '1.4.1    by hand  –                                0       0  external          adopted',
  ]);
});
