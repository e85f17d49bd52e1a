import { describe, expect, test } from 'vitest';
import type { Seen } from '../../../shared/lane/effect.ts';
import type { DeploymentRecord } from '../../../shared/lane/lane.ts';
import { renderTold } from '../../../shared/wire/slack/render-answer.ts';
import { renderHistory, renderStatus, renderWhoIsLive } from '../../../shared/wire/slack/render-question.ts';
import { slackRenderer } from '../../../shared/wire/slack/renderer.ts';
import { at, build, group, lane, live, record } from '../facts.ts';
import { awaiting } from './awaiting.ts';
import { readable } from './readable.ts';

const renderer = slackRenderer(null, true);
const hold = { by: 'grace', because: 'stock-taking', since: at('09:00:00') };

describe('an asker is told', () => {
  const seen: Seen = {
    input: `${lane.id}~0123456789abcdef0123`,
    at: at('09:30:00'),
    outcome: 'applied',
    told: 'ada approved 1.1.0',
    deployment: record.id,
  };

  test('what was done', () => {
    const { text } = renderer.answer(seen);
    expect(text).toBe('👍 Done in storefront@production: ada approved 1.1.0');
  });

  test('why nothing was', () => {
    const { text } = renderer.answer({ ...seen, outcome: 'ignored', told: 'you saw <b> live; live is 1.1.0' });
    expect(text).toBe('🚫 Nothing was done in storefront@production: you saw &lt;b&gt; live; live is 1.1.0');
  });

  test('several lines, none of which addresses anybody', () => {
    const { text, blocks } = renderTold('one <!here>\ntwo @channel');
    expect(text).toBe('one &lt;!here&gt;\ntwo @\u2060channel');
    expect(JSON.stringify(blocks)).toContain('two @\u2060channel');
  });
});

describe('a question is answered', () => {
  test('with what is live, moves and waits', () => {
    const moving = { ...lane, active: awaiting, hold, queue: [{ record, build: record.build }] };
    expect(
      readable(renderStatus([moving, { ...lane, id: 'desk@production' as typeof lane.id, live: null }])),
    ).toMatchSnapshot();
  });

  test('with the latest deployments', () => {
    const records: DeploymentRecord[] = [
      { ...record, stage: 'done', outcome: 'live', approvedBy: 'Ada <Lovelace>' },
      { ...record, id: '0mkother0-12345678' as typeof record.id, stage: 'done', outcome: 'live' },
      { ...record, stage: 'done', outcome: 'rejected', liveAt: null, requestedBy: null },
    ];
    expect(
      readable(
        renderHistory([
          { lane, records },
          { lane, records: [] },
        ]),
      ),
    ).toMatchSnapshot();
  });

  test('with whose version is live', () => {
    const foreign = { ...lane, live: { ...live, deployment: null, build: null } };
    const shown = renderWhoIsLive([
      { lane, record: { ...record, approvedBy: 'ada' }, build },
      { lane: foreign, record: null, build: null },
    ]);
    expect(readable(shown)).toMatchSnapshot();
  });

  test('also where there are no lanes', () => {
    expect(renderStatus([]).text).toContain('there is no lane');
  });
});

describe('a day', () => {
  const day = at('00:00:00');
  const ended = (outcome: DeploymentRecord['outcome'], more: Partial<DeploymentRecord>): DeploymentRecord => ({
    ...record,
    stage: 'done',
    outcome,
    stages: [...record.stages, { stage: 'done', at: at('10:00:00') }],
    ...more,
  });
  const waited = [
    { stage: 'verifying' as const, at: at('09:16:10') },
    { stage: 'awaiting-approval' as const, at: at('09:16:15') },
    { stage: 'swapping' as const, at: at('10:46:15') },
    { stage: 'done' as const, at: at('10:58:40') },
  ];

  test('is told in figures, the human wait apart', () => {
    const lanes = [
      {
        lane: { ...lane, active: awaiting, hold },
        deployments: [
          ended('live', {}),
          ended('live', { stages: waited, liveAt: at('10:48:40'), brokeGlass: true, approvedBy: 'linus' }),
          ended('rolled-back', { why: '1 new error with 42 reports' }),
          ended('live', { kind: 'rollback', why: 'ada rolls back' }),
          ended('failed', { liveAt: null, why: 'front page: expected 200, got 500' }),
          // Of the day before, but for a stage.
          ended('live', {
            liveAt: new Date(day.getTime() - 1),
            stages: [{ stage: 'done', at: new Date(day.getTime() - 1) }],
          }),
        ],
        newErrors: [group, { ...group, ignored: true }],
      },
    ];
    expect(readable(renderer.digest({ day, lanes }))).toMatchSnapshot();
  });

  test('on which nothing happened says so', () => {
    const { text } = renderer.digest({ day, lanes: [{ lane, deployments: [], newErrors: [] }] });
    expect(text).toBe('Warmswap, 2026-03-02: 0 deployments, 0 rollbacks, 0 new errors');
  });

  test('with more than anybody reads keeps to what Slack takes', () => {
    const many = Array.from({ length: 200 }, () => ended('live', { requestedBy: '<!channel>'.repeat(30) }));
    const newErrors = Array.from({ length: 200 }, () => ({ ...group, title: '@here '.repeat(99) }));
    const message = renderer.digest({ day, lanes: [{ lane, deployments: many, newErrors }] });
    expect(readable(message)).toContain('… and 185 more');
    for (const part of readable(message).split('\n---\n')) {
      expect(part.length).toBeLessThanOrEqual(3_000);
      expect(part).not.toMatch(/<!channel|@here/);
    }
  });
});
