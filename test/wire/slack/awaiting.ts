import type { Deployment } from '../../../shared/lane/lane.ts';
import { aPolicy } from '../../builders/policy.ts';
import { at, former, record, ref } from '../facts.ts';

export type Awaiting = Extract<Deployment, { stage: 'awaiting-approval' }>;

/** 1.1.0, verified and waiting for a person until half past ten; a reminder is due at ten. */
export const awaiting: Awaiting = {
  stage: 'awaiting-approval',
  record: {
    ...record,
    stage: 'awaiting-approval',
    stages: [...record.stages.slice(0, 4), { stage: 'awaiting-approval', at: at('09:16:15') }],
    liveAt: null,
    brokeGlass: false,
  },
  build: ref,
  policy: aPolicy({
    operators: ['@on-call'],
    approval: {
      required: true,
      approvers: ['ada@example.com', '@release-team', 'authors'],
      mayApproveOwn: false,
      breakGlass: ['linus@example.com'],
      expiresAfterMs: 4_500_000,
      remindBeforeMs: 1_800_000,
    },
  }),
  former,
  goal: { kudu: 'k2', version: '1.1.0' },
  expiresAt: at('10:30:00'),
  remindAt: at('10:00:00'),
};
