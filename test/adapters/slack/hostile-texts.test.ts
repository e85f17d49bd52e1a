import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSlack } from '../../../infra/local/slack/slack.ts';
import { messenger } from '../../../shared/adapters/slack/messenger.ts';
import type { DeploymentRecord, Lane } from '../../../shared/lane/lane.ts';
import type { Build, Version } from '../../../shared/lane/words.ts';
import type { ErrorGroup, Message } from '../../../shared/ports.ts';
import { reminder } from '../../../shared/wire/slack/approval.ts';
import { renderHistory, renderStatus, renderWhoIsLive } from '../../../shared/wire/slack/render-question.ts';
import { slackRenderer } from '../../../shared/wire/slack/renderer.ts';
import { hostileTexts } from '../../functions/hostile-texts.ts';
import { at, build, group, lane, record } from '../../wire/facts.ts';
import { awaiting } from '../../wire/slack/awaiting.ts';

/** Everything we say, with the text wherever somebody else's can stand; addresses are those of the facts, or the text as well. */
function everyMessage(text: string, address?: string): Message[] {
  const version = text as Version;
  const commit = { ...build.commit, ref: text, repository: address ?? build.commit.repository };
  const of: Build = {
    ...build,
    version,
    commit,
    commits: build.commits.map((one) => ({ ...one, message: text, author: { name: text, email: text } })),
    definition: text,
    url: address ?? build.url,
    requestedBy: { name: text, email: text },
  };
  const checks = [{ name: text, ok: false, status: 500, latencyMs: 12, why: text }];
  const newGroups = [{ fingerprint: 'f', title: text, reports: 42 }];
  const told = { why: text, newGroups, checks };
  const evidence = { ...told, verdict: 'bad' as const, reportsPerMinute: 21, before: 0.5, counted: true };
  const odd: DeploymentRecord = {
    ...record,
    ...{ build: { ...record.build, version }, from: version, requestedBy: text, approvedBy: text, why: text },
    ...{ checks, evidence, brokeGlass: true },
  };
  const hold = { by: text, because: text, since: at('10:00:00') };
  const runs = lane.live === null ? null : { ...lane.live, version, identity: { kudu: text, version: text } };
  const held: Lane = { ...lane, hold, live: runs, queue: [{ record: odd, build: odd.build }] };
  const approval = { required: true as const, approvers: [text], breakGlass: [text], mayApproveOwn: false };
  const warmUp = { ...awaiting.policy.warmUp, path: text };
  const policy = { ...awaiting.policy, warmUp, approval: { ...approval, expiresAfterMs: 1, remindBeforeMs: null } };
  const active = { ...awaiting, policy, build: odd.build, record: { ...odd, stage: awaiting.stage } };
  const waiting: Lane = { ...held, active };
  const facts = { now: at('10:10:00'), stagingUrl: address ?? 'https://staging.shop.example.com/' };
  const frames = [{ function: text, module: text, file: text, line: 1, inApp: true }];
  const request = { method: text, url: text };
  const errors: ErrorGroup = {
    ...group,
    title: text,
    sample: { ...group.sample, title: text, frames, request, host: text },
  };
  const over = { ...odd, stage: 'done' as const, outcome: 'failed' as const };
  const renderers = [slackRenderer('https://warmswap.example.com'), slackRenderer(null, true)];
  const deployments = renderers.flatMap((renderer) =>
    [
      renderer.deployment({ record: odd, build: of, lane: held, ...facts }),
      renderer.deployment({ record: over, build: of, lane: held, ...facts }),
      renderer.deployment({ record: active.record, build: of, lane: waiting, ...facts }),
    ].flatMap(({ message, details }) => [message, ...details.map((detail) => detail.message)]),
  );
  const others = renderers.flatMap((renderer) => [
    renderer.error({ group: errors, kind: 'new', version, record: odd, build: of }),
    renderer.error({
      group: { ...errors, resolvedIn: version },
      kind: 'regressed',
      version,
      record: null,
      build: null,
    }),
    renderer.lane(held),
    renderer.deadLetter({ source: text, id: text, reason: text }),
    renderer.answer({ input: `${lane.id}~1`, at: at('09:00:00'), outcome: 'ignored', told: text, deployment: null }),
    renderer.digest({ day: at('00:00:00'), lanes: [{ lane: waiting, deployments: [odd, over], newErrors: [errors] }] }),
  ]);
  const answers = [
    renderStatus([waiting]),
    renderHistory([{ lane: held, records: [odd, over] }]),
    renderWhoIsLive([{ lane: held, record: odd, build: of }]),
    reminder(active),
  ];
  return [...deployments, ...others, ...answers];
}

/** One for each look at the page, which shows a channel whole. */
const channels = Array.from({ length: 3 * Object.keys(hostileTexts).length }, (_, number) => `looks-${number}`);
let slack: Awaited<ReturnType<typeof startSlack>>;
beforeAll(async () => {
  slack = await startSlack({ port: 0, token: 'xoxb-test', channels });
});
afterAll(() => slack.close());
const unused = [...channels];

/** The HTML a person's browser gets for these messages, posted by the real client. */
async function onThePage(messages: Message[]): Promise<string[]> {
  const port = messenger({ token: 'xoxb-test', apiUrl: slack.addresses.api });
  const channel = unused.pop() ?? '';
  const stamps: string[] = [];
  for (const message of messages) {
    const posted = await port.post(channel, message);
    if (!posted.posted) throw new Error(`${posted.because}: ${JSON.stringify(message)}`);
    stamps.push(posted.ts);
  }
  const answer = await fetch(new URL(`/messages?channel=${channel}`, slack.addresses.page));
  const shown = (await answer.json()) as { messages: { ts: string; html: string }[] };
  const byStamp = new Map(shown.messages.map(({ ts, html }) => [ts, html]));
  return stamps.map((ts) => byStamp.get(ts) ?? 'not shown');
}

const linksIn = (html: string): string[] => [...html.matchAll(/<a href="([^"]*)"/g)].map(([, href = '']) => href);
/** Elements in their order with the names of their attributes; what only makes words bold is no structure. */
const skeletonOf = (html: string): string[] =>
  [...html.matchAll(/<(\/?)([a-z0-9]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>|<[^>]*>/gi)]
    .filter(([, , name = '']) => !['strong', 'em', 'del'].includes(name))
    .map(([whole, slash = '', name = '', attributes = '']) =>
      name === '' ? whole : `${slash}${name}${attributes.replace(/="[^"]*"/g, '')}`,
    );

describe('on the page of a real Slack client', () => {
  let innocent: string[];
  beforeAll(async () => {
    innocent = await onThePage(everyMessage('innocent'));
    expect(innocent.flatMap(linksIn).length).toBeGreaterThan(10);
    expect(innocent).not.toContain('not shown');
  });

  test.each(Object.entries(hostileTexts))(
    '%s: no mention, no link of theirs, no element that was not ours',
    async (_, text) => {
      const hostile = await onThePage(everyMessage(text));
      expect(hostile).toHaveLength(innocent.length);
      for (const [at, html] of hostile.entries()) {
        expect(html).not.toContain('class="mention"');
        expect(html).not.toMatch(/[\u200b\u202a-\u202e\u2066-\u2069\p{Cs}]/u);
        // Lines are left out whole where a message would be too long.
        if (text.length > 1_000) continue;
        expect(linksIn(html)).toEqual(linksIn(innocent[at] ?? ''));
        expect(skeletonOf(html)).toEqual(skeletonOf(innocent[at] ?? ''));
      }
    },
  );

  test('as an address it is no link', async () => {
    const allowed = new Set(innocent.flatMap(linksIn));
    for (const text of Object.values(hostileTexts)) {
      const links = (await onThePage(everyMessage('innocent', text).slice(0, 3))).flatMap(linksIn);
      expect(links.filter((href) => !allowed.has(href))).toEqual([]);
    }
  });

  test('what is not escaped would be seen', async () => {
    const leaking = (text: string): Message => ({
      text,
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }],
    });
    const [mention = '', link = '', lines = ''] = await onThePage([
      leaking('<!channel>'),
      leaking('<https://evil.example|click>'),
      leaking('a\nb'),
    ]);
    expect(mention).toContain('class="mention"');
    expect(linksIn(link)).toEqual(['https://evil.example']);
    expect(skeletonOf(lines)).toContain('br');
  });
});
