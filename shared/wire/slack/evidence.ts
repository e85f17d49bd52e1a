import type { CheckResult, Evidence } from '../../lane/lane.ts';
import { linesUpTo } from './blocks.ts';
import { escapeText } from './escape.ts';

const SIGNS: Record<Evidence['verdict'], string> = { good: '✅', bad: '⛔', inconclusive: '❔', 'so-far-good': '👍' };

/** The verdict in one line, and what it rests on. */
export function evidenceLines(evidence: Evidence): string {
  const { verdict, why, newGroups, reportsPerMinute, before, checks, counted } = evidence;
  const lines = [
    `${SIGNS[verdict]} *${verdict === 'so-far-good' ? 'good so far' : verdict}* ${escapeText(why, 500)}`.trim(),
  ];
  if (newGroups.length > 0) {
    const groups = newGroups.map(({ title, reports }) => `• ${escapeText(title, 150)} — ${times(reports)}`);
    lines.push(linesUpTo(groups, 5));
  }
  if (verdict === 'bad' && reportsPerMinute !== null) {
    const compared = before === null ? '' : `, ${rate(before)} in the hour before`;
    lines.push(`${rate(reportsPerMinute)} error reports a minute${compared}`);
  }
  if (!counted && verdict !== 'bad') lines.push('it is not yet proven that errors are being counted');
  return [...lines, ...failedChecks(checks)].join('\n');
}

/** The checks that failed, with what they got. */
export function failedChecks(checks: readonly CheckResult[]): string[] {
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return [];
  const told = failed.map(
    ({ name, status, why }) => `✗ ${escapeText(name, 100)}: ${escapeText(why || String(status), 200)}`,
  );
  return [linesUpTo(told, 5)];
}

/** The checks that passed, each with what it got and how fast. */
export function passedChecks(checks: readonly CheckResult[]): string {
  const told = checks.map(({ name, status, latencyMs }) => {
    const figures = [status, latencyMs === null ? null : `${Math.round(latencyMs)} ms`].filter((each) => each !== null);
    return `✓ ${escapeText(name, 100)}${figures.length === 0 ? '' : ` (${figures.join(', ')})`}`;
  });
  return linesUpTo(told, 8);
}

const rate = (perMinute: number): string => String(Math.round(perMinute * 10) / 10);
export const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
