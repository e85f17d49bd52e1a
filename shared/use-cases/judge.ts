import { countSince } from '../correlation/judged.ts';
import { probeFingerprint } from '../correlation/probe.ts';
import { type Asked, type CountFacts, verdict } from '../correlation/verdict.ts';
import type { CheckResult, Evidence } from '../lane/lane.ts';
import type { Check, Policy } from '../lane/policy.ts';
import type { LaneId, Version } from '../lane/words.ts';
import { LastingFailure, LostRace, type Ports, Unavailable } from '../ports.ts';
import { type FoldPorts, fold } from './fold.ts';

/** A site that has not answered by then does not. */
const MOST_MS = 8_000;
const BODY_BYTES = 64 * 1024;

/** What is to be judged: a version that went live, and the probe (if one is out) that proves that errors are counted. */
export interface JudgeFacts {
  lane: LaneId;
  version: Version;
  liveAt: Date;
  policy: Policy;
  probeId: string | null;
  now: Date;
}

/** Counts the version's errors, asks production the owner's checks, and weighs both. What cannot be asked now is said so in the evidence. */
export async function judge(ports: FoldPorts & Pick<Ports, 'site'>, facts: JudgeFacts): Promise<Evidence> {
  const [errors, checks] = await Promise.all([
    asked(() => countErrors(ports, facts)),
    asked(() => runChecks(ports, facts.policy, 'production')),
  ]);
  return verdict({ errors, checks, limits: facts.policy.errorLimits });
}

async function countErrors(ports: FoldPorts, { lane, version, liveAt, probeId, now }: JudgeFacts): Promise<CountFacts> {
  const { groups, sums, timeline } = await fold(ports, lane, liveAt);
  const shown = groups.filter(({ ignored }) => !ignored);
  const firstVersions = new Map(shown.map(({ fingerprint, firstVersion }) => [fingerprint, firstVersion]));
  const titles = new Map<string, string>(shown.map(({ fingerprint, title }) => [fingerprint, title]));
  const counted = countSince({ version, liveAt, now }, sums, timeline, firstVersions);
  return {
    ...counted,
    newGroups: counted.newGroups
      .slice(0, 20)
      .map(({ fingerprint, reports }) => ({ fingerprint, title: titles.get(fingerprint) ?? '', reports })),
    probeSeen: probeId !== null && sums.probes.has(probeFingerprint(probeId)),
  };
}

async function asked<Answer>(ask: () => Promise<Answer>): Promise<Asked<Answer>> {
  try {
    return { asked: true, answer: await ask() };
  } catch (error) {
    if (error instanceof Unavailable || error instanceof LostRace || error instanceof LastingFailure)
      return { asked: false, because: error.message };
    throw error;
  }
}

/**
 * Asks a slot the owner's checks, all at once. One that fails is asked once more over another connection: a single lost answer says
 * nothing about a version. A slot that does not answer fails its checks.
 */
export const runChecks = (
  ports: Pick<Ports, 'site'>,
  policy: Policy,
  slot: 'production' | 'staging',
): Promise<CheckResult[]> =>
  Promise.all(
    policy.checks.map(async (check) => {
      const first = await runCheck(ports, policy, slot, check);
      return first.ok ? first : runCheck(ports, policy, slot, check);
    }),
  );

async function runCheck(
  ports: Pick<Ports, 'site'>,
  { site }: Policy,
  slot: 'production' | 'staging',
  check: Check,
): Promise<CheckResult> {
  const { name, path } = check;
  const answer = await ports.site.ask(site, slot, { path, timeoutMs: MOST_MS, bodyBytes: BODY_BYTES });
  if (!answer.answered) return { name, ok: false, status: null, latencyMs: null, why: answer.because };
  const { status, latencyMs, body } = answer;
  const why = faultOf(check, status, latencyMs, body);
  return { name, ok: why === null, status, latencyMs, why: why ?? `${status} in ${Math.round(latencyMs)} ms` };
}

function faultOf(check: Check, status: number, latencyMs: number, body: string): string | null {
  if (status !== check.status) return `${check.path} answered ${status}, expected ${check.status}`;
  if (check.contains !== undefined && !body.includes(check.contains))
    return `the answer of ${check.path} does not contain ${JSON.stringify(check.contains)}`;
  if (check.maxLatencyMs !== undefined && latencyMs > check.maxLatencyMs)
    return `${check.path} took ${Math.ceil(latencyMs)} ms, allowed are ${check.maxLatencyMs} ms`;
  return null;
}
