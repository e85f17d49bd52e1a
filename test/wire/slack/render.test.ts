import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockFaults } from '../../../infra/local/slack/blocks.ts';
import type { DeploymentRecord, Lane, Outcome, StageName } from '../../../shared/lane/lane.ts';
import type { Build } from '../../../shared/lane/words.ts';
import type { ErrorGroup } from '../../../shared/ports.ts';
import type { Renderer } from '../../../shared/use-cases/notify.ts';
import { slackRenderer } from '../../../shared/wire/slack/renderer.ts';
import { lengthOf } from '../../../shared/wire/slack/stages.ts';
import { at, build, group, lane, record } from '../facts.ts';
import { awaiting } from './awaiting.ts';
import { readable } from './readable.ts';

const renderer: Renderer = slackRenderer('https://warmswap.example.com');
const rest = { now: at('09:30:00'), stagingUrl: null };
const deployment = (change: Partial<DeploymentRecord>, lanes: Partial<Lane> = {}, of: Build | null = build) =>
  renderer.deployment({ record: { ...record, ...change }, build: of, lane: { ...lane, ...lanes }, ...rest });

const done = (outcome: Outcome, more: Partial<DeploymentRecord> = {}): Partial<DeploymentRecord> => ({
  stage: 'done',
  stages: [...record.stages, { stage: 'done', at: at('09:28:40') }],
  outcome,
  ...more,
});

const evidence = {
  verdict: 'bad' as const,
  why: '1 new error with 42 reports',
  newGroups: [{ fingerprint: 'f', title: "TypeError: reading 'total' of <undefined>", reports: 42 }],
  reportsPerMinute: 21.04,
  before: 0.5,
  checks: [{ name: 'front page', ok: false, status: 500, latencyMs: 12, why: 'expected 200, got 500' }],
  counted: true,
};

describe('a deployment', () => {
  test('while it is watched', () => {
    expect(readable(deployment({}).message)).toMatchSnapshot();
  });

  test('live', () => {
    const good = {
      ...evidence,
      verdict: 'good' as const,
      why: 'nothing new',
      newGroups: [],
      reportsPerMinute: 0,
      checks: [],
    };
    expect(
      readable(deployment(done('live', { evidence: good, approvedBy: 'Ada <Lovelace>' })).message),
    ).toMatchSnapshot();
  });

  test('rolled back, held, with its evidence', () => {
    const hold = { by: 'warmswap', because: '1.1.0 was rolled back', since: at('09:24:00') };
    const back = done('rolled-back', { evidence, why: '1 new error with 42 reports' });
    expect(readable(deployment(back, { hold, live: lane.previous }).message)).toMatchSnapshot();
  });

  test('failed before it was live', () => {
    const failed = done('failed', {
      stages: [...record.stages.slice(0, 4), { stage: 'done', at: at('09:16:20') }],
      liveAt: null,
      checks: evidence.checks,
      why: 'front page: expected 200, got 500',
    });
    expect(readable(deployment(failed, { live: lane.previous }).message)).toMatchSnapshot();
  });

  test('that nobody asked for, of a build whose row is gone, on a lane never seen', () => {
    const bare = deployment({ from: null, requestedBy: null, stages: [], checks: [] }, { live: null }, null);
    expect(readable(bare.message)).toMatchSnapshot();
  });

  const stages: StageName[] = [
    'queued',
    'staging',
    'warming',
    'verifying',
    'awaiting-approval',
    'swapping',
    'watching',
    'awaiting-rollback',
    'rolling-back',
  ];
  test.each(stages)('in %s is said to be live only when it was found to be', (stage) => {
    expect(deployment({ stage, liveAt: null }).message.text).not.toMatch(/is live|was live/);
  });

  test('that ended well without a finding is not said to be live', () => {
    expect(deployment(done('live', { liveAt: null })).message.text).toContain('was not seen live');
    expect(deployment(done('live')).message.text).toContain('1.1.0 is live');
  });

  const outcomes: Outcome[] = [
    'rolled-back',
    'failed',
    'rejected',
    'expired',
    'superseded',
    'cancelled',
    'needs-human',
    'observed',
    'staged',
  ];
  test.each(outcomes)('that ended %s claims no success', (outcome) => {
    const { text } = deployment(done(outcome, { liveAt: null })).message;
    expect(text).not.toContain('✅');
    expect(text).not.toContain('is live');
  });

  test('of kind rollback says so', () => {
    expect(deployment({ kind: 'rollback', stage: 'swapping' }).message.text).toContain('rollback to 1.1.0');
  });

  test('with 25 commits shows ten and counts the rest', () => {
    const commits = Array.from({ length: 25 }, () => build.commits[0]).filter((commit) => commit !== undefined);
    const shown = readable(deployment({}, {}, { ...build, commits }).message);
    expect(shown.match(/^• /gm)).toHaveLength(10);
    expect(shown).toContain('… and 15 more');
  });

  test.each([
    ['https://github.com/contoso/shop.git', '<https://github.com/contoso/shop/commit/9f2c1d7a'],
    ['https://ada:secret@git.example.com/shop/', '<https://git.example.com/shop/commit/9f2c1d7a'],
    ['contoso/shop', '<https://github.com/contoso/shop/commit/9f2c1d7a'],
    ['git@github.com:contoso/shop.git', 'commit 9f2c1d7 '],
    [undefined, 'commit 9f2c1d7 '],
  ])('of repository %s links its commits', (repository, shown) => {
    const of = { ...build, commit: { ...build.commit, repository } };
    expect(readable(deployment({}, {}, of).message)).toContain(shown);
  });
});

describe('the thread', () => {
  const keys = (rendered: ReturnType<typeof deployment>) => rendered.details.map(({ key }) => key);

  test('says how to roll back what is live', () => {
    const { details } = deployment({});
    expect(details.map(({ key }) => key)).toEqual(['roll-back']);
    expect(readable(details[0]?.message ?? { text: '', blocks: [] })).toMatchSnapshot();
  });

  test('says nothing of rolling back what is not live, or no longer', () => {
    expect(keys(deployment({ stage: 'swapping', liveAt: null }))).toEqual([]);
    expect(keys(deployment(done('rolled-back'), { live: lane.previous }))).toEqual([]);
    expect(keys(deployment({}, { live: null }))).toEqual([]);
  });

  test('says how to approve and reject, and how to release', () => {
    const waiting = deployment({ stage: 'awaiting-approval', liveAt: null });
    expect(keys(waiting)).toEqual(['approve']);
    expect(readable(waiting.details[0]?.message ?? { text: '', blocks: [] })).toContain('"type":"reject"');
    expect(keys(deployment(done('needs-human', { liveAt: null })))).toEqual(['release']);
  });

  test('leaves the address to the reader where it is not known', () => {
    const [detail] = slackRenderer(null).deployment({ record, build, lane, ...rest }).details;
    expect(JSON.stringify(detail)).toContain('$WARMSWAP_URL/api/v1/commands');
  });
});

describe('an error', () => {
  const error = (kind: 'new' | 'regressed', more: Partial<ErrorGroup> = {}) =>
    renderer.error({ group: { ...group, ...more }, kind, version: build.version, record, build });

  test('that is new names count, deployment, person and commits', () => {
    expect(readable(error('new'))).toMatchSnapshot();
  });

  test('that came back says from where', () => {
    expect(readable(error('regressed', { resolvedIn: '1.0.5' as Build['version'] }))).toContain(
      'was resolved in 1.0.5',
    );
  });

  test('in a version that is not ours', () => {
    const message = renderer.error({ group, kind: 'new', version: build.version, record: null, build: null });
    expect(readable(message)).toContain('no deployment of ours brought this version');
  });
});

describe('notices', () => {
  test('a lane on hold, a lane changed by somebody, a lane never seen', () => {
    const hold = { by: 'ada', because: 'stock-taking', since: at('10:00:00') };
    expect(readable(renderer.lane({ ...lane, hold, queue: [{ record, build: record.build }] }))).toMatchSnapshot();
    const foreign = lane.live === null ? null : { ...lane.live, deployment: null };
    expect(readable(renderer.lane({ ...lane, live: foreign }))).toContain('put there by somebody else');
    expect(readable(renderer.lane({ ...lane, live: null }))).toContain('not known yet');
  });

  test('a dead letter', () => {
    expect(
      readable(renderer.deadLetter({ source: 'builds', id: 'x', reason: 'data.app: <!channel>' })),
    ).toMatchSnapshot();
  });
});

test('whatever people wrote, a message keeps to what Slack takes and addresses nobody', () => {
  const nasty = fc.oneof(
    fc.constantFrom('<!channel>', '<@U123>', '@here', '```', '<https://evil.example|x>', '&lt;', '|', '>\n<', ' '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((text) => text.repeat(120)),
  );
  fc.assert(
    fc.property(
      fc.array(nasty, { minLength: 8, maxLength: 8 }),
      ([a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = '']) => {
        const version = a as Build['version'];
        const of: Build = {
          ...build,
          version,
          commit: { ...build.commit, ref: b, repository: c },
          commits: Array.from({ length: 40 }, () => ({ sha: d, message: e, author: { name: f } })),
          url: g,
        };
        const bad = {
          ...evidence,
          why: b,
          newGroups: Array.from({ length: 30 }, () => ({ fingerprint: 'f', title: c, reports: 1 })),
          checks: Array.from({ length: 20 }, () => ({ name: d, ok: false, status: null, latencyMs: null, why: h })),
        };
        const odd = {
          ...record,
          build: { ...record.build, version },
          requestedBy: a,
          approvedBy: b,
          why: c,
          evidence: bad,
        };
        const hold = { by: d, because: e, since: at('10:00:00') };
        const rendered = renderer.deployment({ record: odd, build: of, lane: { ...lane, hold }, ...rest });
        const sample = {
          ...group.sample,
          frames: Array.from({ length: 9 }, () => ({ function: f, file: g })),
          host: h,
          request: { method: a, url: b },
        };
        const approval = { required: true as const, approvers: [a, b], breakGlass: [c], mayApproveOwn: false };
        const policy = { ...awaiting.policy, approval: { ...approval, expiresAfterMs: 1, remindBeforeMs: null } };
        const active = { ...awaiting, policy, build: odd.build, record: { ...odd, stage: awaiting.stage } };
        const decided = slackRenderer(null, true).deployment({
          record: { ...active.record, brokeGlass: true },
          build: of,
          lane: { ...lane, hold, active },
          now: at('10:10:00'),
          stagingUrl: g,
        });
        const messages = [
          rendered.message,
          decided.message,
          ...decided.details.map(({ message }) => message),
          ...rendered.details.map(({ message }) => message),
          renderer.error({ group: { ...group, title: a, sample }, kind: 'new', version, record: odd, build: of }),
          renderer.lane({ ...lane, hold }),
          renderer.deadLetter({ source: a, id: b, reason: c }),
        ];
        for (const message of messages) {
          expect(message.blocks.length).toBeLessThanOrEqual(50);
          expect(message.text.length).toBeLessThanOrEqual(3_000);
          expect(blockFaults(message.blocks)).toEqual([]);
          // What stands on a button and in its dialog is plain text, in which Slack reads no marks.
          const marked = {
            ...message,
            blocks: message.blocks.filter(
              (block) => !('elements' in block && 'type' in block && block.type === 'actions'),
            ),
          };
          for (const part of readable(marked).split('\n---\n')) {
            expect(part.length).toBeLessThanOrEqual(3_000);
            expect(
              part.replace(
                /<(https?:\/\/[^<>|\s]+\|[^<>|]*|!date\^\d+\^(?:\{time_secs\}|\{date_short_pretty\} \{time\})\|[^<>|]*)>/g,
                '',
              ),
            ).not.toMatch(/[<>]|@(channel|here|everyone)/i);
          }
          for (const block of message.blocks) expect(JSON.stringify(block)).not.toContain('"text":""');
        }
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [12_400, '12 s'],
  [60_000, '1 min'],
  [185_000, '3 min 5 s'],
  [7_200_000, '2 h'],
  [7_800_000, '2 h 10 min'],
])('%i milliseconds are %s', (milliseconds, text) => expect(lengthOf(milliseconds)).toBe(text));
