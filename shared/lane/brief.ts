import type { CheckResult, Evidence } from './lane.ts';

/** The lane row must stay below 30,000 characters, and one reason is kept in several of its places. */
const mostCharacters = 500;
const mostGroups = 10;
const mostChecks = 10;

/** A text as the lane row keeps it: cut where it is longer, never in the middle of a character. */
export function brief(text: string, most = mostCharacters): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

export const briefChecks = (checks: CheckResult[]): CheckResult[] =>
  checks.map((check) => ({ ...check, name: brief(check.name, 100), why: brief(check.why, 100) }));

/** What a watch saw, as far as it is shown to people: what is bad comes first, and the groups themselves are kept elsewhere. */
export function briefEvidence(evidence: Evidence): Evidence {
  const newGroups = evidence.newGroups
    .slice(0, mostGroups)
    .map((group) => ({ ...group, title: brief(group.title, 120) }));
  const checks = [...evidence.checks].sort((a, b) => Number(a.ok) - Number(b.ok)).slice(0, mostChecks);
  return { ...evidence, why: brief(evidence.why), newGroups, checks: briefChecks(checks) };
}
