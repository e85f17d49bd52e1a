import type { DeploymentRecord, Lane } from '../../lane/lane.ts';
import type { Build } from '../../lane/words.ts';
import { context, type Message, message, section, until } from './blocks.ts';
import { commitLink } from './commits.ts';
import { escapeText } from './escape.ts';
import { headline } from './headline.ts';

/** What is live in a lane, what moves there, what waits. */
export function renderStatus(lanes: readonly Lane[]): Message {
  return told(
    'Status',
    lanes.map((lane) => {
      const { active, queue, hold } = lane;
      const standing = active === null ? null : headline(active.record, lane.live);
      return [
        `*${escapeText(lane.id)}*: ${runs(lane)}`,
        standing === null ? null : `${standing.sign} ${escapeText(standing.says, 400)}`,
        active?.stage === 'awaiting-approval' ? `expires ${until(active.expiresAt)}` : null,
        queue.length === 0 ? null : `waiting: ${queue.map(({ build }) => escapeText(build.version, 60)).join(', ')}`,
        hold === null ? null : `🔒 on hold by ${escapeText(hold.by, 100)}: ${escapeText(hold.because, 300)}`,
      ];
    }),
  );
}

/** The latest deployments of each lane, newest first. */
export function renderHistory(lanes: readonly { lane: Lane; records: readonly DeploymentRecord[] }[]): Message {
  return told(
    'History',
    lanes.map(({ lane, records }) => [
      `*${escapeText(lane.id)}*`,
      ...(records.length === 0
        ? ['nothing was deployed from here yet']
        : records.map((record) => historyLine(record, lane))),
    ]),
  );
}

function historyLine(record: DeploymentRecord, { live }: Lane): string {
  const { sign, says } = headline(record, live);
  const by = record.requestedBy === null ? '' : ` · by ${escapeText(record.requestedBy, 60)}`;
  const approved = record.approvedBy === null ? '' : ` · approved by ${escapeText(record.approvedBy, 60)}`;
  return `${sign} ${escapeText(says, 200)} · ${until(record.createdAt)}${by}${approved}`;
}

/** Which version production was found to run, since when, and whose it is. */
export function renderWhoIsLive(
  lanes: readonly { lane: Lane; record: DeploymentRecord | null; build: Build | null }[],
): Message {
  return told(
    'Who is live',
    lanes.map(({ lane, record, build }) => {
      const authors = [...new Set((build?.commits ?? []).map(({ author }) => author.name))].slice(0, 10);
      return [
        `*${escapeText(lane.id)}*: ${runs(lane)}`,
        record?.requestedBy == null ? null : `deployed by ${escapeText(record.requestedBy, 100)}`,
        record?.approvedBy == null ? null : `approved by ${escapeText(record.approvedBy, 100)}`,
        authors.length === 0 ? null : `written by ${authors.map((name) => escapeText(name, 60)).join(', ')}`,
        build === null ? null : `commit ${commitLink(build.commit.repository, build.commit.sha)}`,
      ];
    }),
  );
}

function runs({ live }: Lane): string {
  if (live === null) return 'what production runs is not known yet';
  const since = `production answers *${escapeText(live.identity.version ?? live.version)}* since ${until(live.liveAt)}`;
  return live.deployment === null ? `${since}, put there by somebody else` : since;
}

/** Slack takes 50 blocks, and an answer 3,000 characters of fall-back text. */
function told(title: string, parts: (string | null)[][]): Message {
  const texts = parts.map((lines) => lines.filter((line) => line !== null).join('\n'));
  if (texts.length === 0) return message(`${title}: there is no lane.`, [context('there is no lane')]);
  return message(
    `${title}\n${texts.join('\n')}`,
    texts.map((text) => section(text)),
  );
}
