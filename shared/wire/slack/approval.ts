import type { Deployment } from '../../lane/lane.ts';
import type { Policy } from '../../lane/policy.ts';
import { context, type Message, message, section, until } from './blocks.ts';
import { escapeText, link } from './escape.ts';

type Awaiting = Extract<Deployment, { stage: 'awaiting-approval' }>;

/** What a person needs to decide: where to try it, until when, and who may. */
export function approvalBlocks({ policy, expiresAt }: Awaiting, stagingUrl: string | null): (object | null)[] {
  const { inARow, path } = { inARow: policy.warmUp.timesInARow, path: policy.warmUp.path };
  return [
    stagingUrl === null ? null : section(`👉 ${link(stagingUrl, 'Try it in staging')}`),
    context(
      `warm: ${escapeText(path, 100)} answered well ${inARow === 1 ? 'once' : `${inARow} times in a row`} · expires ${until(expiresAt)}`,
    ),
    context(whoMay(policy.approval)),
  ];
}

/** Once, when the time to decide runs out. */
export function reminder({ record, build, policy, expiresAt }: Awaiting): Message {
  const says = `⏰ ${escapeText(build.version, 200)} in ${record.lane} still waits for approval until ${until(expiresAt)}`;
  return message(says, [section(says), context(whoMay(policy.approval))]);
}

/** A due reminder is told in the thread as long as it can still be heeded. */
export const isReminderDue = ({ remindAt, expiresAt }: Awaiting, now: Date): boolean =>
  remindAt !== null && now >= remindAt && now < expiresAt;

function whoMay(approval: Policy['approval']): string {
  if (!approval.required) return '';
  const { approvers, breakGlass, mayApproveOwn } = approval;
  const names = (list: readonly string[]): string =>
    list
      .slice(0, 20)
      .map((name) => (name === 'authors' ? "the commits' authors" : escapeText(name, 100)))
      .join(', ');
  const parts = [
    `may approve: ${names(approvers)}${mayApproveOwn ? '' : ', but not their own change'}`,
    breakGlass.length === 0 ? '' : `in an emergency: ${names(breakGlass)}`,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
