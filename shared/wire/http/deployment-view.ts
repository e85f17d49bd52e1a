import type { DeploymentRecord, Evidence } from '../../lane/lane.ts';
import type { BuildRef } from '../../lane/words.ts';
import type { BuildRefAnswer, DeploymentAnswer, EvidenceAnswer } from './answers.ts';
import { iso, isoOrNull } from './instant-text.ts';

/** A deployment as the API shows it. */
export function deploymentView(record: DeploymentRecord): DeploymentAnswer {
  const { id, lane, kind, build, from, stage, outcome, why, requestedBy, approvedBy, checks, evidence } = record;
  return {
    id,
    lane,
    kind,
    build: buildRefView(build),
    from,
    stage,
    stages: record.stages.map((entered) => ({ stage: entered.stage, at: iso(entered.at) })),
    createdAt: iso(record.createdAt),
    outcome,
    why,
    requestedBy,
    approvedBy,
    liveAt: isoOrNull(record.liveAt),
    checks: checks.map((check) => ({ ...check })),
    evidence: evidence === null ? null : evidenceView(evidence),
  };
}

/** What of a build is shown wherever it is named. */
export const buildRefView = ({
  id,
  version,
  number,
  definition,
  source,
  sha256,
  finishedAt,
}: BuildRef): BuildRefAnswer => ({
  id,
  version,
  number: number ?? null,
  definition: definition ?? null,
  source,
  sha256,
  finishedAt: iso(finishedAt),
});

export const evidenceView = (evidence: Evidence): EvidenceAnswer => ({
  ...evidence,
  newGroups: evidence.newGroups.map((group) => ({ ...group })),
  checks: evidence.checks.map((check) => ({ ...check })),
});
