import { expect, test } from 'vitest';
import { deploymentIn, type Effect } from '../../shared/lane/effect.ts';
import type { InputId, Marker, Version } from '../../shared/lane/words.ts';
import { deployment, lane } from '../builders/record.ts';
import { at } from '../builders/time.ts';

const marker: Marker = { lane, id: 'm', kind: 'deploy', version: '1.1.0' as Version, liveAt: at('10:00'), deployment };

test.each<[what: string, effect: Effect, of: string | null]>([
  ['a look for a deployment', { type: 'look', deployment, intent: null }, deployment],
  ['the look of an idle lane', { type: 'look', deployment: null, intent: null }, null],
  ['a marker of a deployment', { type: 'record-marker', marker }, deployment],
  ['a marker of what others did', { type: 'record-marker', marker: { ...marker, deployment: undefined } }, null],
  ['an answer', { type: 'reply', input: `${lane}~1` as InputId, to: 'https://hooks.slack.example/1' }, null],
])('the deployment of %s', (_, effect, of) => {
  expect(deploymentIn(effect)).toBe(of);
});
