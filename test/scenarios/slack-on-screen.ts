import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { root } from '../../infra/local/root.ts';

/** The local Slack as one person has it before them. */
export interface SlackOnScreen {
  page: Page;
  /** The newest message (with its thread) that holds all these words. */
  message(...words: string[]): Locator;
  /** What only this person sees, newest last. */
  onlyVisibleToMe(): Locator;
  /** Presses a button of a message; a dialog, if it has one, stays open. */
  press(message: Locator, label: string): Promise<void>;
  /** The dialog that is open. */
  dialog(): Locator;
  /** Types into the line below the messages and sends it. */
  type(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the page of a channel as a person, by their short name. `slack`: the page's address. */
export async function slackOnScreen(
  browser: Browser,
  slack: string,
  as: string,
  channel = 'deployments',
): Promise<SlackOnScreen> {
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, colorScheme: 'light' });
  page.setDefaultTimeout(20_000);
  await page.goto(`${slack}?channel=${channel}&as=${as}`);
  const entries = page.locator('#messages > .entry');
  return {
    page,
    message: (...words) =>
      words.reduce((found, word) => found.filter({ hasText: word }), entries.filter({ hasNotText: onlyYou })).last(),
    onlyVisibleToMe: () => entries.filter({ hasText: onlyYou }),
    press: (message, label) => message.getByRole('button', { name: label, exact: true }).click(),
    dialog: () => page.getByRole('dialog'),
    async type(text) {
      await page.getByLabel('Message').fill(text);
      await page.getByLabel('Message').press('Enter');
    },
    close: () => page.close(),
  };
}

const onlyYou = 'Only visible to you';

/**
 * Makes a picture for the documentation where the environment asks for it: `PICTURES=1 npx vitest run test/scenarios/slack-page.test.ts`.
 * `shown`: what must be in it.
 */
export async function picture({ page }: SlackOnScreen, name: string, shown: Locator): Promise<void> {
  if (process.env.PICTURES === undefined) return;
  await shown.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(root, 'docs/images', `${name}.png`) });
}
