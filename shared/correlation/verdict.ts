import type { CheckResult, Evidence } from '../lane/lane.ts';
import type { Policy } from '../lane/policy.ts';

/** A question and its answer, or why it could not be asked: never a zero in place of an answer. */
export type Asked<Answer> = { asked: true; answer: Answer } | { asked: false; because: string };

export interface CountFacts {
  reportsPerMinute: number;
  before: number;
  newGroups: Evidence['newGroups'];
  /** The probe report came out of the counting. */
  probeSeen: boolean;
}

export interface VerdictFacts {
  errors: Asked<CountFacts>;
  checks: Asked<CheckResult[]>;
  limits: Policy['errorLimits'];
}

/** What is known to be wrong, in words; empty when nothing is. */
function faults({ errors, checks, limits }: VerdictFacts): string[] {
  const found: string[] = [];
  if (checks.asked) for (const { name, ok, why } of checks.answer) if (!ok) found.push(`check ${name} failed: ${why}`);
  if (!errors.asked) return found;
  const { newGroups, reportsPerMinute, before } = errors.answer;
  for (const { title, reports } of newGroups)
    if (reports >= limits.newGroupReports)
      found.push(`new error, ${reports} ${reports === 1 ? 'report' : 'reports'}: ${title}`);
  if (reportsPerMinute >= limits.perMinute && reportsPerMinute > limits.ratio * before)
    found.push(`too many errors: ${reportsPerMinute} a minute, ${before} in the hour before`);
  return found;
}

/** What could not be asked, in words. */
function gaps({ errors, checks }: VerdictFacts): string[] {
  const found: string[] = [];
  if (!errors.asked) found.push(`could not count errors: ${errors.because}`);
  if (!checks.asked) found.push(`could not ask the checks: ${checks.because}`);
  return found;
}

/**
 * Weighs what the watch saw. Bad: something is known to be wrong, whatever else could not be asked. Inconclusive: nothing is, but not
 * everything could be asked. Good only with proof that errors are counted; without it, good so far.
 */
export function verdict(facts: VerdictFacts): Evidence {
  const counts = facts.errors.asked ? facts.errors.answer : null;
  const counted = counts?.probeSeen ?? false;
  const wrong = faults(facts);
  const unknown = gaps(facts);
  const known = {
    newGroups: counts?.newGroups ?? [],
    reportsPerMinute: counts?.reportsPerMinute ?? null,
    before: counts?.before ?? null,
    checks: facts.checks.asked ? facts.checks.answer : [],
    counted,
  };
  if (wrong.length > 0) return { verdict: 'bad', why: wrong.join('; '), ...known };
  if (unknown.length > 0) return { verdict: 'inconclusive', why: unknown.join('; '), ...known };
  const said = `${known.reportsPerMinute} errors a minute, ${known.before} in the hour before`;
  return counted
    ? { verdict: 'good', why: said, ...known }
    : { verdict: 'so-far-good', why: `${said}; it is not yet proven that errors are counted`, ...known };
}
