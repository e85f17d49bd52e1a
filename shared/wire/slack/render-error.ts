import type { Sample } from '../../correlation/words.ts';
import type { DeploymentRecord } from '../../lane/lane.ts';
import type { Build, LaneId, Version } from '../../lane/words.ts';
import { context, type Message, message, section, time } from './blocks.ts';
import { deploymentBlockId } from './button-value.ts';
import { commitLines } from './commits.ts';
import { escapeText, link } from './escape.ts';
import { times } from './evidence.ts';

/** All a message about an error group is made of. */
export interface ErrorToShow {
  group: {
    lane: LaneId;
    fingerprint: string;
    title: string;
    firstAt: Date;
    total: number;
    countByVersion: Record<string, number>;
    resolvedIn: Version | null;
    sample: Sample;
  };
  kind: 'new' | 'regressed';
  /** The version it is new in, or came back in. */
  version: Version;
  /** The deployment that brought that version; null where it was not ours. */
  record: DeploymentRecord | null;
  build: Build | null;
}

/** One message for an error that is new in a version, or came back: what, how often, and whose deployment and commits brought it. */
export function renderError({ group, kind, version, record, build }: ErrorToShow): Message {
  const what = kind === 'new' ? 'new error' : 'error came back';
  const title = group.title === '' ? 'an error without a title' : group.title;
  const was =
    kind === 'regressed' && group.resolvedIn !== null ? ` · was resolved in ${escapeText(group.resolvedIn)}` : '';
  const count = Object.hasOwn(group.countByVersion, version) ? (group.countByVersion[version] ?? 0) : group.total;
  return message(`🐞 ${group.lane}: ${what} in ${escapeText(version)}: ${escapeText(title)}`, [
    section(
      `🐞 *${escapeText(group.lane)}*: ${what} in *${escapeText(version)}*${was}\n${escapeText(title)}`,
      record === null ? undefined : deploymentBlockId(record.lane, record.id, record.build.id),
    ),
    whereLines(group.sample),
    section(`${times(count)} in this version · first ${time(group.firstAt)}\n${brought(record, build)}`),
    build === null || build.commits.length === 0 ? null : section(commitLines(build)),
    context(`error group ${escapeText(group.fingerprint)}`),
  ]);
}

/** Where it was thrown, from the app's own code where that is known; and what was asked for. */
function whereLines({ frames, request, host }: Sample): object | null {
  const own = frames.filter(({ inApp }) => inApp === true);
  const shown = (own.length > 0 ? own : frames).slice(0, 3).map(({ function: name, module, file, line }) => {
    const place = module ?? file ?? '?';
    return escapeText(`${name ?? '?'} (${place}${line === undefined ? '' : `:${line}`})`, 200);
  });
  const asked = request === undefined ? [] : [escapeText(`${request.method} ${request.url}`, 300)];
  const lines = [
    ...shown.map((line) => `at ${line}`),
    ...asked,
    ...(host === undefined ? [] : [escapeText(`on ${host}`)]),
  ];
  return lines.length === 0 ? null : section(`\`\`\`\n${lines.join('\n')}\n\`\`\``);
}

function brought(record: DeploymentRecord | null, build: Build | null): string {
  if (record === null) return 'no deployment of ours brought this version';
  const by = record.requestedBy === null ? '' : ` by ${escapeText(record.requestedBy, 100)}`;
  const number = build?.number === undefined ? '' : `, ${link(build.url, `build ${build.number}`)}`;
  return `brought by deployment ${record.id}${by}${number}`;
}
