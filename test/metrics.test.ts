import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { METRICS, metric } from '../shared/metrics.ts';

const docs = readFileSync(join(import.meta.dirname, '../docs/telemetry.md'), 'utf8');

const rowOf = ([name, { unit, dimensions, says }]: [string, (typeof METRICS)[keyof typeof METRICS]]): string =>
  `| \`${name}\` | ${unit} | ${dimensions.map((one) => `\`${one}\``).join(' ')} | ${says} |`;

test('the table of the documents is the list', () => {
  const table = docs.slice(docs.indexOf('| metric |')).trim().split('\n').slice(2);
  expect(table).toEqual(Object.entries(METRICS).map(rowOf));
});

test('a line names the metric, its value and its dimensions', () => {
  const lines: unknown[] = [];
  const log = { info: (what: string, facts: object) => void lines.push({ what, ...facts }) };
  metric(log, 'dead-letter.kept', 1, { source: 'builds' });
  metric(log, 'fold.lanes', 3, {});
  expect(lines).toEqual([
    { what: 'metric', metric: 'dead-letter.kept', value: 1, source: 'builds' },
    { what: 'metric', metric: 'fold.lanes', value: 3 },
  ]);
});

test('an unknown name, a missing dimension and one too many do not compile', () => {
  const log = { info: () => undefined };
  // @ts-expect-error: there is no such metric
  metric(log, 'deployment.started', 1, {});
  // @ts-expect-error: its source is missing
  metric(log, 'dead-letter.kept', 1, {});
  // @ts-expect-error: it has no such dimension
  metric(log, 'fold.lanes', 1, { lane: 'shop@production' });
  expect(Object.keys(METRICS)).not.toContain('deployment.started');
});
