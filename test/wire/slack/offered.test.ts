import { describe, expect, test } from 'vitest';
import { blockFaults } from '../../../infra/local/slack/blocks.ts';
import type { Deployment, DeploymentRecord, Lane, Outcome, StageName } from '../../../shared/lane/lane.ts';
import type { Build } from '../../../shared/lane/words.ts';
import { decodeButtonValue } from '../../../shared/wire/slack/button-value.ts';
import { slackRenderer } from '../../../shared/wire/slack/renderer.ts';
import { at, build, former, lane, live, record } from '../facts.ts';
import { type Awaiting, awaiting } from './awaiting.ts';
import { buttonsOf, readable } from './readable.ts';

const renderer = slackRenderer('https://warmswap.example.com', true);

interface Facts {
  record?: Partial<DeploymentRecord>;
  lane?: Partial<Lane>;
  now?: Date;
  stagingUrl?: string | null;
}
const deployment = (facts: Facts) =>
  renderer.deployment({
    record: { ...record, brokeGlass: false, ...facts.record },
    build,
    lane: { ...lane, ...facts.lane },
    now: facts.now ?? at('09:30:00'),
    stagingUrl: facts.stagingUrl ?? null,
  });
const offered = (facts: Facts): string[] => buttonsOf(deployment(facts).message).map(({ action_id }) => action_id);

/** While somebody is asked, production still runs what it ran. */
const asked = (more: Partial<Awaiting> = {}): Facts => ({
  record: awaiting.record,
  lane: { live: former, active: { ...awaiting, ...more } },
});
const { build: ref, policy, goal } = awaiting;
const watched: Deployment = {
  stage: 'watching',
  record,
  build: ref,
  policy,
  former,
  goal,
  until: at('10:00:00'),
  probe: null,
  extensions: 0,
  stranger: null,
  doubt: null,
};
const evidence = {
  verdict: 'bad' as const,
  why: '1 new error with 42 reports',
  newGroups: [{ fingerprint: 'f', title: 'TypeError: total of undefined', reports: 42 }],
  reportsPerMinute: 21,
  before: 0.5,
  checks: [],
  counted: true,
};
const bad: Deployment = {
  stage: 'awaiting-rollback',
  record,
  build: ref,
  policy,
  former,
  goal,
  expiresAt: at('10:00:00'),
  why: evidence.why,
  stranger: null,
};
const hold = { by: 'grace', because: 'stock-taking', since: at('09:00:00') };
const ended = (outcome: Outcome): Partial<DeploymentRecord> => ({ stage: 'done', outcome });

describe('a person is offered', () => {
  test('the decision, with all that it needs', () => {
    const { message, details } = deployment({ ...asked(), stagingUrl: 'https://shop-staging.example.com/' });
    expect(readable(message)).toMatchSnapshot();
    expect(details).toEqual([]);
  });

  test('the way back, with the evidence beside it', () => {
    const facts = { record: { stage: 'awaiting-rollback' as const, evidence }, lane: { active: bad } };
    expect(readable(deployment(facts).message)).toMatchSnapshot();
  });

  const moving: StageName[] = ['queued', 'staging', 'warming', 'verifying', 'swapping', 'rolling-back'];
  test.each<[string, string[], Facts]>([
    ...moving.map((stage): [string, string[], Facts] => [
      stage,
      ['hold'],
      { record: { stage, liveAt: null }, lane: { live: former } },
    ]),
    ['awaiting-approval', ['approve', 'reject', 'hold'], asked()],
    ['awaiting-approval, held', ['reject', 'release'], { ...asked(), lane: { ...asked().lane, hold } }],
    ['awaiting-approval that the lane has left', ['hold'], { record: awaiting.record, lane: { live: former } }],
    ['watching', ['roll-back', 'hold'], { lane: { active: watched } }],
    [
      'awaiting-rollback',
      ['roll-back', 'keep', 'hold'],
      { record: { stage: 'awaiting-rollback' }, lane: { active: bad } },
    ],
    ['live', ['roll-back'], { record: ended('live') }],
    ['live, held', ['roll-back', 'release'], { record: ended('live'), lane: { hold } }],
    ['live, with nothing before it', [], { record: ended('live'), lane: { previous: null } }],
    ['live no longer', [], { record: ended('live'), lane: { live: former } }],
    ['live by another deployment', [], { record: ended('live'), lane: { live: { ...live, deployment: null } } }],
    ['rolled back and held', ['release'], { record: ended('rolled-back'), lane: { live: former, hold } }],
    ['rejected', [], { record: ended('rejected'), lane: { live: former } }],
    ['superseded', [], { record: ended('superseded'), lane: { live: former } }],
  ])('%s: %j', (_, actions, facts) => expect(offered(facts)).toEqual(actions));

  test.each<[string, Facts, { deployment: string; build: string; shown: string }]>([
    ['approve', asked(), { deployment: record.id, build: ref.id, shown: '1 of 1 checks passed' }],
    [
      'roll-back',
      { record: { evidence }, lane: { active: watched } },
      { deployment: record.id, build: ref.id, shown: 'bad: 1 new error with 42 reports' },
    ],
    [
      'roll-back',
      { record: ended('live') },
      { deployment: record.id, build: live.build?.id ?? '', shown: '1 of 1 checks passed' },
    ],
  ])('%s with exactly what is shown', (action, facts, value) => {
    const button = buttonsOf(deployment(facts).message).find(({ action_id }) => action_id === action);
    expect(decodeButtonValue(button?.value ?? '')).toEqual({ ok: true, value: { lane: lane.id, ...value } });
  });

  test('a rollback only after a look at where it goes', () => {
    const [button] = buttonsOf(deployment({ record: ended('live') }).message);
    expect(button).toMatchObject({ style: 'danger', confirm: { style: 'danger' } });
    expect(button?.confirm?.text.text).toBe('storefront@production goes from 1.1.0 back to 1.0.0.');
    const contracted = { ...live, build: { ...ref, schemaChange: 'contract' as const } };
    const [warned] = buttonsOf(deployment({ record: ended('live'), lane: { live: contracted } }).message);
    expect(warned?.confirm?.text.text).toContain('1.1.0 took something away from the data: 1.0.0 may need it');
  });

  test('nothing where Slack may not decide; the thread says how to', () => {
    const plain = slackRenderer('https://warmswap.example.com');
    const facts = {
      record: awaiting.record,
      build,
      lane: { ...lane, active: awaiting },
      now: at('09:30:00'),
      stagingUrl: null,
    };
    const { message, details } = plain.deployment(facts);
    expect(buttonsOf(message)).toEqual([]);
    expect(buttonsOf(plain.lane(lane))).toEqual([]);
    expect(details.map(({ key }) => key)).toEqual(['approve']);
  });

  test('a lane’s hold and release', () => {
    expect(readable(renderer.lane({ ...lane, hold }))).toMatchSnapshot();
    expect(buttonsOf(renderer.lane(lane)).map(({ action_id }) => action_id)).toEqual(['hold']);
  });
});

describe('a message', () => {
  test('is found by a shortcut through its first block', () => {
    const { message } = deployment({});
    const id = `deployment|storefront@production|${record.id}|${record.build.id}`;
    expect(message.blocks[0]).toMatchObject({ block_id: id });
    const error = {
      lane: lane.id,
      fingerprint: 'f',
      title: 'x',
      firstAt: at('09:20:00'),
      total: 1,
      countByVersion: {},
      resolvedIn: null,
    };
    const sample = { title: 'x', type: 'x', message: 'x', frames: [], occurredAt: at('09:20:00') };
    const shown = renderer.error({ group: { ...error, sample }, kind: 'new', version: build.version, record, build });
    expect(shown.blocks[0]).toMatchObject({ block_id: id });
  });

  test('says loudly, as long as it is shown, that somebody broke the glass', () => {
    const broke = { brokeGlass: true, approvedBy: 'linus' };
    for (const stage of ['swapping', 'watching', 'done'] as const) {
      const { text } = deployment({ record: { ...broke, stage, outcome: stage === 'done' ? 'live' : null } }).message;
      expect(text).toMatch(/^🚨 .*approved in an emergency by linus$/u);
    }
  });

  test('tells in its thread, once, that the time to decide runs out', () => {
    const details = (now: string, more: Partial<Awaiting> = {}) => deployment({ ...asked(more), now: at(now) }).details;
    expect(details('09:59:59')).toEqual([]);
    const [told] = details('10:00:00');
    expect(told?.key).toBe('reminder');
    expect(readable(told?.message ?? { text: '', blocks: [] })).toMatchSnapshot();
    expect(details('10:30:00')).toEqual([]);
    expect(details('10:15:00', { remindAt: null })).toEqual([]);
  });

  test('of what is live no longer does not say that it is', () => {
    const { text } = deployment({ record: ended('live'), lane: { live: former } }).message;
    expect(text).toBe('✔️ storefront@production: 1.1.0 went live, and is live no longer');
  });

  test('lists who may approve, and in an emergency, and whether their own', () => {
    const approval = policy.approval.required
      ? { ...policy.approval, mayApproveOwn: true, breakGlass: [], approvers: ['@here', '<!channel>'] }
      : policy.approval;
    const text = readable(deployment(asked({ policy: { ...policy, approval } })).message);
    expect(text).toContain('may approve: @\u2060here, &lt;!channel&gt;');
    expect(text).not.toContain('own change');
    expect(text).not.toContain('in an emergency');
  });
});

test('whatever versions and people are called, buttons keep to what Slack takes', () => {
  const version = `<!channel> ${'😀'.repeat(99)}` as Build['version'];
  const odd = { ...ref, version };
  const facts = [
    {
      record: { ...awaiting.record, build: odd },
      lane: { active: { ...awaiting, build: odd }, hold: { ...hold, because: 'x'.repeat(2_000) } },
    },
    {
      record: { evidence: { ...evidence, why: '"'.repeat(900) } },
      lane: { active: { ...watched, build: odd, former: { ...former, version } } },
    },
  ];
  for (const each of facts) expect(blockFaults(deployment(each).message.blocks)).toEqual([]);
  const buttons = facts.flatMap((each) => buttonsOf(deployment(each).message));
  expect(buttons.length).toBe(4);
  for (const { value, text, confirm } of buttons) {
    expect(value.length).toBeLessThanOrEqual(2_000);
    expect(text.text.length).toBeLessThanOrEqual(75);
    expect(confirm?.title.text.length ?? 0).toBeLessThanOrEqual(100);
    expect(confirm?.text.text.length ?? 0).toBeLessThanOrEqual(300);
  }
});
