import type { KnownBlock } from '@slack/web-api';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '../../scenarios/chromium.ts';
import { type SlackOnScreen, slackOnScreen } from '../../scenarios/slack-on-screen.ts';
import { type ReceivingApp, receivingApp, SIGNING_SECRET } from './receiving-app.ts';
import { closeSlacks, type RunningSlack, runSlack } from './running-slack.ts';

let app: ReceivingApp;
let slack: RunningSlack;
let browser: Browser;
let ada: SlackOnScreen;

beforeAll(async () => {
  app = await receivingApp();
  [slack, browser] = await Promise.all([
    runSlack({
      signingSecret: SIGNING_SECRET,
      interactionsUrl: app.interactionsUrl,
      commandsUrl: app.commandsUrl,
      commands: ['/ship'],
      shortcuts: [{ callbackId: 'undo', name: 'Undo it' }],
    }),
    openBrowser(),
  ]);
  ada = await slackOnScreen(browser, slack.page, 'ada');
});
beforeEach(() => {
  app.received = [];
  app.answer = (response) => void response.end();
});
afterAll(async () => {
  await browser?.close();
  await closeSlacks();
  await app?.close();
});

const plain = (text: string): { type: 'plain_text'; text: string } => ({ type: 'plain_text', text });

function asking(value: string): KnownBlock[] {
  const confirm = { title: plain('Sure?'), text: plain(`About ${value}.`), confirm: plain('Yes'), deny: plain('No') };
  return [
    { type: 'section', text: { type: 'mrkdwn', text: `it is ${value}` } },
    {
      type: 'actions',
      elements: [
        { type: 'button', text: plain('Undo'), action_id: 'undo', value, style: 'danger', confirm },
        { type: 'button', text: plain('Go'), action_id: 'go', value },
      ],
    },
  ];
}

async function posted(value: string): Promise<{ channel: string; ts: string }> {
  const { channel = '', ts = '' } = await slack.client.chat.postMessage({
    channel: 'deployments',
    text: value,
    blocks: asking(value),
  });
  return { channel, ts };
}

const received = (): Promise<void> => expect.poll(() => app.received.length, { timeout: 5_000 }).toBe(1);

test('a dialog asks first, stays while its message changes, and sends what was on the screen', async () => {
  const at = await posted('early');
  await ada.press(ada.message('it is early'), 'Undo');
  await ada.dialog().filter({ hasText: 'About early.' }).waitFor();
  await slack.client.chat.update({ ...at, text: 'late', blocks: asking('late') });
  await ada.message('it is late').waitFor();
  expect(await ada.dialog().textContent()).toContain('About early.');
  await ada.dialog().getByRole('button', { name: 'No' }).click();
  await ada.dialog().waitFor({ state: 'detached' });
  expect(app.received).toEqual([]);

  await ada.press(ada.message('it is late'), 'Undo');
  await slack.client.chat.update({ ...at, text: 'gone', blocks: asking('gone') });
  await ada.message('it is gone').waitFor();
  await ada.dialog().getByRole('button', { name: 'Yes' }).click();
  await received();
  expect(app.received[0]?.payload).toMatchObject({
    user: { id: 'U0ADA' },
    actions: [{ action_id: 'undo', value: 'late' }],
    message: { ts: at.ts, text: 'gone' },
  });
});

test('an app that does not take a click is told beside the message, until a click is taken', async () => {
  await posted('refused');
  const message = ada.message('it is refused');
  app.answer = (response) => void response.writeHead(500).end();
  await ada.press(message, 'Go');
  await message.getByRole('alert').filter({ hasText: 'http_service_error' }).waitFor();
  app.answer = (response) => void response.end();
  await ada.press(message, 'Go');
  await message.getByRole('alert').waitFor({ state: 'detached' });
  expect(app.received).toHaveLength(2);
});

test('a message’s menu has the app’s shortcuts', async () => {
  const { ts } = await posted('in the menu');
  const message = ada.message('it is in the menu');
  await message.getByLabel('More actions').click();
  await message.getByRole('menuitem', { name: 'Undo it' }).click();
  await received();
  expect(app.received[0]?.payload).toMatchObject({ type: 'message_action', callback_id: 'undo', message_ts: ts });
});

test('a command is answered to who typed it alone; acting as somebody else shows what that person sees', async () => {
  app.answer = (response) => void response.end(JSON.stringify({ text: 'for your eyes' }));
  await ada.type('/ship it <now>');
  await ada.onlyVisibleToMe().filter({ hasText: 'for your eyes' }).waitFor();
  expect(app.received[0]?.form.get('text')).toBe('it &lt;now&gt;');
  const other = await slackOnScreen(browser, slack.page, 'ada');
  await other.page.getByLabel('acting as').selectOption({ label: 'grace' });
  await other.page.waitForURL(/as=U0GRACE/);
  expect(await other.onlyVisibleToMe().count()).toBe(0);
  await other.type('I am Grace');
  await ada.message('I am Grace').waitFor();
  expect((await slack.messages('deployments')).at(-1)).toMatchObject({ user: 'U0GRACE', text: 'I am Grace' });
  await other.type('/dance');
  await other.page.getByRole('alert').filter({ hasText: '/dance is not a valid command.' }).first().waitFor();
  await other.close();
});
