import type { DeploymentRecord, Lane } from '../../lane/lane.ts';
import { wayBack } from '../../lane/orders.ts';
import type { BuildRef, Version } from '../../lane/words.ts';
import type { ButtonValue } from './button-value.ts';
import { type Button, buttonRow } from './buttons.ts';

const HOLD: Button = { action: 'hold', label: 'Hold' };

/** What a person may decide about a deployment as it stands; nothing that cannot apply any more. Null: nothing. */
export function offeredFor(record: DeploymentRecord, lane: Lane): object | null {
  const back = wayBackOf(record, lane);
  const value: ButtonValue = {
    lane: record.lane,
    deployment: record.id,
    build: back === null ? record.build.id : back.from.id,
    shown: shownOf(record),
  };
  const lock = lane.hold === null ? (record.stage === 'done' ? [] : [HOLD]) : [releaseButton(lane, record)];
  return buttonRow(value, [...ownButtons(record, lane, back), ...lock]);
}

/** What a person may decide about a lane. */
export function offeredForLane(lane: Lane): object | null {
  const value: ButtonValue = { lane: lane.id, deployment: null, build: null, shown: '' };
  return buttonRow(value, [lane.hold === null ? HOLD : releaseButton(lane, null)]);
}

interface Back {
  from: BuildRef;
  to: Version;
}

function ownButtons(record: DeploymentRecord, { active, hold }: Lane, back: Back | null): Button[] {
  if (active?.stage === 'awaiting-approval' && active.record.id === record.id && record.stage === 'awaiting-approval')
    return [
      // On hold nothing starts: whoever wants to approve releases the lane first.
      ...(hold === null ? [{ action: 'approve', label: 'Approve', style: 'primary' } as const] : []),
      {
        action: 'reject',
        label: 'Reject',
        style: 'danger',
        confirm: {
          title: `Reject ${record.build.version}?`,
          text: `${record.build.version} will not go live in ${record.lane}. It can be tried again later.`,
          yes: 'Reject',
        },
      },
    ];
  if (back === null) return [];
  const keep: Button = { action: 'keep', label: 'Keep' };
  return record.stage === 'awaiting-rollback' ? [rollBackButton(record, back), keep] : [rollBackButton(record, back)];
}

function rollBackButton({ lane }: DeploymentRecord, { from, to }: Back): Button {
  const contract =
    from.schemaChange === 'contract' ? ` ${from.version} took something away from the data: ${to} may need it.` : '';
  return {
    action: 'roll-back',
    label: 'Roll back',
    style: 'danger',
    confirm: {
      title: `Roll back ${lane}?`,
      text: `${lane} goes from ${from.version} back to ${to}.${contract}`,
      yes: 'Roll back',
    },
  };
}

/** Only what is live by this deployment can be rolled back from its message, and only where there is something to go back to. */
function wayBackOf(record: DeploymentRecord, lane: Lane): Back | null {
  const { active, live } = lane;
  if (active !== null && active.record.id === record.id)
    return active.stage === 'watching' || active.stage === 'awaiting-rollback'
      ? { from: active.build, to: active.former.version }
      : null;
  if (record.stage !== 'done' || live?.deployment !== record.id || live.build === null) return null;
  const way = wayBack(lane, 'swap', live.build.id);
  return 'ignored' in way ? null : { from: live.build, to: way.former.version };
}

function releaseButton({ hold }: Lane, record: DeploymentRecord | null): Button {
  const look = record?.outcome === 'needs-human' ? ' Look at both slots first.' : '';
  return {
    action: 'release',
    label: 'Release',
    confirm: {
      title: 'Release it?',
      text: `On hold by ${hold?.by ?? 'somebody'}: ${hold?.because ?? ''}.${look}`,
      yes: 'Release',
    },
  };
}

/** The evidence that stands beside the buttons, in words: it becomes part of the reason in the journal. */
function shownOf({ evidence, checks }: DeploymentRecord): string {
  if (evidence !== null) return `${evidence.verdict}: ${evidence.why}`;
  const passed = checks.filter(({ ok }) => ok).length;
  return checks.length === 0 ? '' : `${passed} of ${checks.length} checks passed`;
}
