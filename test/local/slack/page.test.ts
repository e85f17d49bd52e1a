import type { KnownBlock } from '@slack/web-api';
import { afterAll, describe, expect, test } from 'vitest';
import { mrkdwnToHtml } from '../../../infra/local/slack/mrkdwn.ts';
import { closeSlacks, runSlack } from './running-slack.ts';

afterAll(closeSlacks);

const html = (text: string): string => mrkdwnToHtml(text, (id) => (id === 'U0ADA' ? 'ada' : id));

describe('mrkdwn', () => {
  test.each([
    ['*bold* and _italic_ and ~gone~', '<strong>bold</strong> and <em>italic</em> and <del>gone</del>'],
    ['*bold _both_*', '<strong>bold <em>both</em></strong>'],
    ['snake_case_name and 2*3*4 and a ~ b ~ c', 'snake_case_name and 2*3*4 and a ~ b ~ c'],
    ['* not bold * and *also\nnot*', '* not bold * and *also<br>not*'],
    ['`a *b* <c>`', '<code>a *b* c</code>'],
    ['```\nline 1\n  line *2*\n```', '<pre>line 1\n  line *2*</pre>'],
    [
      '<https://example.com/a?b=1&amp;c=2|the *link*>',
      '<a href="https://example.com/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">the *link*</a>',
    ],
    [
      '*<https://example.com|bold link>*',
      '<strong><a href="https://example.com" target="_blank" rel="noopener noreferrer">bold link</a></strong>',
    ],
    [
      'see https://example.com/x_y_z.',
      'see <a href="https://example.com/x_y_z" target="_blank" rel="noopener noreferrer">https://example.com/x_y_z</a>.',
    ],
    [
      '<@U0ADA> and <!here> in <#C1|errors>',
      ['@ada', '@here', '#errors']
        .map((name) => `<span class="mention">${name}</span>`)
        .reduce((text, part, index) => text + ['', ' and ', ' in '][index] + part, ''),
    ],
    ['a &lt;b&gt; &amp;amp; "c"', 'a &lt;b&gt; &amp;amp; &quot;c&quot;'],
    ['&gt; quoted\n> too\nnot', '<blockquote>quoted<br>too</blockquote>not'],
    [':rocket: :no_such_thing: 10:30:45', '🚀 :no_such_thing: 10:30:45'],
    ['<!date^1700000000^{date}|14 November>', '14 November'],
  ])('%j', (text, expected) => {
    expect(html(text)).toBe(expected);
  });

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<javascript:alert(1)|click>',
    '<https://example.com/"onmouseover="alert(1)|x>',
    '`<script>alert(1)</script>`',
    '```<script>alert(1)</script>```',
    '<@<script>alert(1)</script>>',
    '\uE0000\uE001<script>',
    '<https://example.com|<script>alert(1)</script>>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
  ])('%j comes out harmless', (text) => {
    const tags = [...html(text).matchAll(/<\/?([a-z]+)([^>]*)>/gi)];
    for (const [whole, tag, attributes] of tags) {
      expect(['a', 'span', 'code', 'pre', 'strong', 'em', 'del', 'br', 'blockquote'], whole).toContain(tag);
      expect(attributes ?? '', whole).toMatch(
        /^( (href="https:\/\/[^"]*"|target="_blank"|rel="noopener noreferrer"|class="mention"))*$/,
      );
    }
  });
});

describe('the page', () => {
  const evil = '</div><script>alert("x")</script><img src=x onerror=alert(1)>';
  const blocks: KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: `Header ${evil}` } },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: `*Section* ${evil}` },
      fields: [{ type: 'mrkdwn', text: '*Stage*\nwarming' }],
      accessory: { type: 'button', text: { type: 'plain_text', text: evil.slice(0, 70) }, action_id: 'go' },
    },
    { type: 'divider' },
    { type: 'context', elements: [{ type: 'mrkdwn', text: evil }] },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          style: 'danger',
          text: { type: 'plain_text', text: 'Roll back' },
          action_id: 'back',
          confirm: {
            title: { type: 'plain_text', text: evil },
            text: { type: 'mrkdwn', text: `*Really* ${evil}` },
            confirm: { type: 'plain_text', text: 'Do it' },
            deny: { type: 'plain_text', text: 'No' },
          },
        },
        {
          type: 'button',
          text: { type: 'plain_text', text: 'Look' },
          action_id: '"><i>',
          url: 'https://example.com/"',
        },
        { type: 'button', text: { type: 'plain_text', text: 'No' }, action_id: 'no', url: 'javascript:alert(1)' },
      ],
    },
    { type: 'image', image_url: 'https://example.com/x.png', alt_text: evil },
  ];

  test('shows blocks, attachments, threads and edits, and escapes outside text everywhere', async () => {
    const slack = await runSlack({ botName: evil });
    const { channel = '', ts = '' } = await slack.client.chat.postMessage({
      channel: 'deployments',
      text: evil,
      blocks,
      attachments: [
        {
          color: 'red;background:url(//evil)',
          title: evil,
          text: evil,
          footer: evil,
          fields: [{ title: evil, value: evil }],
        },
      ],
    });
    await slack.client.chat.update({ channel, ts, text: evil });
    await slack.client.chat.postMessage({ channel, thread_ts: ts, text: `in the thread ${evil}`, username: evil });
    const answer = await fetch(`${slack.page}?channel=deployments`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await answer.text();
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toMatch(/<img|onerror=alert\(1\)>|url\(\/\//);
    expect(page).toContain('&lt;script&gt;');
    expect(page).toMatch(/<h3 class="header">Header /);
    expect(page).toContain('<strong>Stage</strong><br>warming');
    expect(page).toMatch(
      /<button type="button" class="press danger" data-block="\w+" data-action="back">Roll back<\/button>/,
    );
    expect(page).toContain('<strong>Really</strong> ');
    expect(page).not.toMatch(/<i>|href="javascript:/);
    expect(page).toContain('<hr>');
    expect(page).toContain('(edited)');
    expect(page).toContain('1 reply');
    expect(page).toContain('in the thread');
    expect(page).not.toMatch(/(?:src|href)="(?!https:\/\/|\/\?channel=|mailto:)/);
  });

  test('a message keeps its hash until something of it changes, its thread included', async () => {
    const slack = await runSlack();
    const shown = async (): Promise<{ ts: string; hash: string }[]> =>
      (
        (await (await fetch(`${slack.page}messages?channel=errors`)).json()) as {
          messages: { ts: string; hash: string }[];
        }
      ).messages;
    const first = await slack.client.chat.postMessage({ channel: 'errors', text: 'one' });
    await slack.client.chat.postMessage({ channel: 'errors', text: 'two' });
    const before = await shown();
    expect(before).toHaveLength(2);
    expect(await shown()).toEqual(before);
    await slack.client.chat.postMessage({ channel: 'errors', text: 'reply', thread_ts: first.ts ?? '' });
    const after = await shown();
    expect(after.map((one, index) => one.hash === before[index]?.hash)).toEqual([false, true]);
  });

  test('what one person alone sees is marked, and is on nobody else’s page', async () => {
    const slack = await runSlack();
    await slack.client.chat.postMessage({ channel: 'errors', text: 'for all' });
    await slack.client.chat.postEphemeral({ channel: 'errors', user: 'U0GRACE', text: `for grace ${evil}` });
    const page = async (as: string): Promise<string> => (await fetch(`${slack.page}?channel=errors${as}`)).text();
    expect(await page('&as=U0GRACE')).toMatch(/Only visible to you[\s\S]+for grace /);
    expect((await page('&as=U0GRACE')).match(/<script/g)).toHaveLength(1);
    for (const other of ['&as=U0ADA', '&as=nobody', '']) {
      expect(await page(other)).toContain('for all');
      expect(await page(other)).not.toMatch(/for grace|Only visible/);
    }
    expect(await page('&as=grace')).toContain('<option value="U0GRACE" selected>grace</option>');
    expect((await slack.messages('errors')).map(({ text }) => text)).toEqual(['for all']);
  });

  test('another site’s page can do nothing on it', async () => {
    const slack = await runSlack();
    const say = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${slack.page}acts/say`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ user: 'U0ADA', channel: 'errors', text: 'hello' }),
      });
    const json = { 'content-type': 'application/json' };
    expect((await say({ ...json, origin: 'https://example.com' })).status).toBe(403);
    expect((await say({ 'content-type': 'text/plain' })).status).toBe(403);
    expect(await slack.messages()).toEqual([]);
    expect((await say({ ...json, origin: new URL(slack.page).origin })).status).toBe(200);
    expect(await slack.messages('errors')).toMatchObject([{ user: 'U0ADA', text: 'hello' }]);
  });

  test('a channel that does not exist shows an empty page, another path is 404', async () => {
    const slack = await runSlack();
    expect((await fetch(`${slack.page}?channel=%3Cscript%3E`)).status).toBe(200);
    expect((await fetch(`${slack.page}elsewhere`)).status).toBe(404);
  });
});
