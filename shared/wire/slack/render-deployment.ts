import type { DeploymentRecord, Lane } from '../../lane/lane.ts';
import type { Build } from '../../lane/words.ts';
import { approvalBlocks, isReminderDue, reminder } from './approval.ts';
import { context, type Message, message, section, time } from './blocks.ts';
import { deploymentBlockId } from './button-value.ts';
import { commitLines, commitLink } from './commits.ts';
import { escapeText, link } from './escape.ts';
import { evidenceLines, failedChecks, passedChecks } from './evidence.ts';
import { headline } from './headline.ts';
import { curl } from './how-to.ts';
import { offeredFor } from './offered.ts';
import { stageLines } from './stages.ts';

/** All a message about a deployment is made of: what is stored now. */
export interface DeploymentToShow {
  record: DeploymentRecord;
  /** Null where the build's row is gone. */
  build: Build | null;
  lane: Lane;
  now: Date;
  /** Where the staged build can be tried; null where it is not known or not there. */
  stagingUrl: string | null;
}

/** Where our API answers (null: the reader fills it in), and whether people can decide by buttons. */
export interface Ways {
  service: string | null;
  interactive: boolean;
}

/** The message that grows, and what is added to its thread once each, told apart by key. */
export interface RenderedDeployment {
  message: Message;
  details: { key: string; message: Message }[];
}

/** One message for a deployment, as it stands now. Where there are no buttons, its thread says how to command over HTTP. */
export function renderDeployment(facts: DeploymentToShow, ways: Ways): RenderedDeployment {
  const { record, build, lane, stagingUrl } = facts;
  const waiting = awaitingOf(facts);
  const { sign, says } = headline(record, lane.live);
  const blocks = [
    section(
      `${sign} *${escapeText(record.lane)}*: ${escapeText(says, 400)}\n${versions(record)}`,
      deploymentBlockId(record.lane, record.id, record.build.id),
    ),
    context(who(facts)),
    build === null || build.commits.length === 0 ? null : section(commitLines(build)),
    record.stages.length === 0 ? null : section(stageLines(record)),
    record.evidence === null ? checksOf(record) : section(evidenceLines(record.evidence)),
    saidAlready(record) ? null : section(escapeText(record.why, 1_000)),
    ...(waiting === null ? [] : approvalBlocks(waiting, stagingUrl)),
    context(answers(lane)),
    lane.hold === null
      ? null
      : context(`🔒 on hold by ${escapeText(lane.hold.by, 100)}: ${escapeText(lane.hold.because, 300)}`),
    ways.interactive ? offeredFor(record, lane) : null,
  ];
  return {
    message: message(`${sign} ${record.lane}: ${escapeText(says, 400)}`, blocks),
    details: details(facts, ways),
  };
}

/** The stage a person is asked in, where the lane's row and the deployment's agree on it. */
function awaitingOf({ record, lane: { active } }: DeploymentToShow) {
  const same = active?.record.id === record.id && record.stage === 'awaiting-approval';
  return same && active.stage === 'awaiting-approval' ? active : null;
}

/** The evidence ends with the same words. */
function saidAlready({ why, evidence }: DeploymentRecord): boolean {
  return evidence !== null && why.endsWith(evidence.why);
}

function versions({ from, build }: DeploymentRecord): string {
  return from === null ? `*${escapeText(build.version)}*` : `${escapeText(from)} → *${escapeText(build.version)}*`;
}

function who({ record, build }: DeploymentToShow): string {
  const parts = [
    record.requestedBy === null ? null : `by ${escapeText(record.requestedBy, 100)}`,
    record.approvedBy === null ? null : `approved by ${escapeText(record.approvedBy, 100)}`,
    record.build.number === undefined ? null : link(build?.url, `build ${record.build.number}`),
    build === null ? null : `commit ${commitLink(build.commit.repository, build.commit.sha)}`,
    build?.commit.ref === undefined ? null : escapeText(build.commit.ref.replace(/^refs\/(heads|tags)\//, ''), 100),
    `deployment ${record.id}`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function checksOf({ checks }: DeploymentRecord): object | null {
  if (checks.length === 0) return null;
  const failed = failedChecks(checks);
  return section((failed.length > 0 ? failed : [passedChecks(checks)]).join('\n'));
}

/** What production was found to run, whatever this deployment intended. */
function answers({ live }: Lane): string {
  return live === null
    ? 'what production runs is not known yet'
    : `production answers ${escapeText(live.identity.version ?? live.version)} since ${time(live.liveAt)}`;
}

function details(facts: DeploymentToShow, { service, interactive }: Ways): RenderedDeployment['details'] {
  const waiting = awaitingOf(facts);
  const due = waiting !== null && isReminderDue(waiting, facts.now);
  return [
    ...(interactive ? [] : howTos(facts, service)),
    ...(due ? [{ key: 'reminder', message: reminder(waiting) }] : []),
  ];
}

/** What a button would do, as commands to send. */
function howTos({ record, lane }: DeploymentToShow, service: string | null): RenderedDeployment['details'] {
  const told: RenderedDeployment['details'] = [];
  const { id, build, stage } = record;
  if (stage === 'awaiting-approval') {
    const approve = curl(service, record.lane, { type: 'approve', deployment: id, build: build.id });
    const reject = curl(service, record.lane, { type: 'reject', deployment: id, build: build.id, reason: 'because' });
    told.push({ key: 'approve', message: inThread('To approve it:', approve, 'To reject it:', reject) });
  }
  if (record.liveAt !== null && lane.live?.deployment === id && lane.live.build !== null) {
    const back = curl(service, record.lane, { type: 'roll-back', sawLive: lane.live.build.id, reason: 'because' });
    told.push({ key: 'roll-back', message: inThread('To roll it back:', back) });
  }
  if (stage === 'awaiting-rollback' && lane.live?.build != null) {
    const keep = curl(service, record.lane, { type: 'end-watch', deployment: id, sawLive: lane.live.build.id });
    told.push({ key: 'keep', message: inThread('It was judged bad. To keep it all the same:', keep) });
  }
  if (record.outcome === 'needs-human') {
    const release = curl(service, record.lane, { type: 'release' });
    const first = 'Look at both slots first. Nothing starts on the lane until it is released:';
    told.push({ key: 'release', message: inThread(first, release) });
  }
  return told;
}

const inThread = (...lines: string[]): Message =>
  message(
    lines[0] ?? '',
    lines.map((line) => section(line)),
  );
