import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCompleted, type Someone } from '../../infra/local/demo/event.ts';
import { makeBuild } from '../../infra/local/demo/sample-build.ts';
import { openBrowser } from './chromium.ts';
import { eventually } from './eventually.ts';
import { type LaneUnderTest, laneUnderTest } from './lane-under-test.ts';
import { type RunningStack, runningStack } from './running-stack.ts';
import { picture, type SlackOnScreen, slackOnScreen } from './slack-on-screen.ts';
import { storefront } from './storefront.ts';

/** Grace wrote every build here; Ada and Linus are in the group that releases. */
const GRACE: Someone = { name: 'Grace Hopper', email: 'grace@example.com' };
const APPS = storefront({
  production: {
    approval: { required: true, approvers: ['@release-team', 'authors'], mayApproveOwn: false, expiresAfter: '10m' },
  },
});

let running: RunningStack;
let browser: Browser;
let lane: LaneUnderTest;
let ada: SlackOnScreen;
let grace: SlackOnScreen;

beforeAll(async () => {
  [running, browser] = await Promise.all([
    runningStack(APPS, { timing: { patrolMs: 1_500, lookGapMs: 300 } }),
    openBrowser(),
  ]);
  lane = laneUnderTest(running, 'production');
  await eventually('0.9.0 is adopted', 45_000, lane.shown, ({ live }) => live?.version === '0.9.0');
  const { slack } = running.stack.addresses;
  ada = await slackOnScreen(browser, slack, 'ada');
  grace = await slackOnScreen(browser, slack, 'grace');
});
afterAll(async () => {
  await browser?.close();
  await running?.close();
});

async function ship(version: string, number: number, commits: string[]): Promise<void> {
  const build = makeBuild(version);
  const url = await running.announcer.upload(`page-${version}.zip`, build.zip);
  await lane.announce(
    buildCompleted({
      id: `page-${number}`,
      app: 'storefront',
      environment: 'production',
      build,
      url,
      sha256: build.sha256,
      number,
      requestedBy: GRACE,
      commits,
      at: new Date(),
    }),
  );
}

/** A person's click without a page. */
async function pressed(user: string, ts: string, action_id: string): Promise<void> {
  const answer = await fetch(new URL('/_control/press', running.stack.addresses.slack), {
    method: 'POST',
    body: JSON.stringify({ channel: 'deployments', user, ts, action_id }),
  });
  expect(await answer.json()).toMatchObject({ status: 200, failure: null });
}

/** The message of a version's deployment, on somebody's screen. */
const messageOf = (screen: SlackOnScreen, version: string) => screen.message(`→ ${version}`, 'deployment ');

describe('a person decides in Slack', () => {
  test('the author may not approve their own change; somebody of the group may, and it goes live', async () => {
    await ship('1.0.0', 1, ['A bigger basket', 'Prices with two decimals']);
    const waits = messageOf(ada, '1.0.0');
    await waits.getByRole('button', { name: 'Approve', exact: true }).waitFor();
    const says = await waits.textContent();
    for (const part of ['A bigger basket', 'Prices with two decimals', 'Grace Hopper', '@release-team', 'checks'])
      expect(says).toContain(part);
    const staging = await waits.getByRole('link', { name: /staging/i }).getAttribute('href');
    const door = new URL(running.stack.addresses.sites[lane.id]?.staging ?? '');
    expect(new URL(staging ?? '').host).toBe(door.host);
    await picture(ada, 'slack-approval', waits);

    await grace.press(messageOf(grace, '1.0.0'), 'Approve');
    await grace.onlyVisibleToMe().filter({ hasText: 'their own change' }).waitFor();
    expect((await lane.shown()).active?.stage).toBe('awaiting-approval');
    expect(await ada.onlyVisibleToMe().count()).toBe(0);

    await ada.press(waits, 'Approve');
    const live = await lane.reaches('1.0.0', 'done');
    expect([live.outcome, live.approvedBy]).toEqual(['live', expect.stringMatching(/ada/i)]);
    expect(await lane.answers('production')).toEqual(['1.0.0']);
    await waits.filter({ hasText: 'is live' }).waitFor();
    expect(await waits.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  }, 60_000);

  test('the slash command answers who typed it alone; what is being typed stays while messages change', async () => {
    await grace.page.getByLabel('Message').fill('half a sentence');
    await ada.type('/warmswap status');
    await ada.onlyVisibleToMe().filter({ hasText: '1.0.0' }).waitFor();
    await ada.type('all quiet');
    await grace.message('all quiet').waitFor();
    expect(await grace.page.getByLabel('Message').inputValue()).toBe('half a sentence');
    expect(await grace.onlyVisibleToMe().count()).toBe(1);
  }, 30_000);

  test('what was on the screen when the world moved on is refused, and brought up to date', async () => {
    const former = messageOf(ada, '1.0.0');
    await ada.press(former, 'Roll back');
    await ada.dialog().filter({ hasText: '0.9.0' }).waitFor();

    await ship('1.1.0', 2, ['Baskets that remember']);
    await messageOf(grace, '1.1.0').getByRole('button', { name: 'Approve', exact: true }).waitFor();
    const ts = await messageOf(grace, '1.1.0').getAttribute('data-ts');
    await pressed('linus', ts ?? '', 'approve');
    await lane.reaches('1.1.0', 'done');
    const acts = (await lane.acts()).length;

    expect(await ada.dialog().isVisible()).toBe(true);
    await ada.dialog().getByRole('button', { name: 'Roll back' }).click();
    await ada.onlyVisibleToMe().filter({ hasText: 'Nothing was done' }).filter({ hasText: '1.1.0' }).waitFor();
    await former.getByRole('button', { name: 'Roll back' }).waitFor({ state: 'detached' });
    expect((await lane.shown()).live?.version).toBe('1.1.0');
    expect((await lane.acts()).length).toBe(acts);
    expect((await lane.deployments()).length).toBe(2);
  }, 60_000);

  test('“Roll back” asks once more, and then rolls back', async () => {
    const bad = messageOf(ada, '1.1.0');
    await ada.press(bad, 'Roll back');
    await ada.dialog().filter({ hasText: '1.1.0 back to 1.0.0' }).waitFor();
    await ada.dialog().getByRole('button', { name: 'Not now' }).click();
    await ada.dialog().waitFor({ state: 'detached' });
    expect((await lane.shown()).live?.version).toBe('1.1.0');

    await ada.press(bad, 'Roll back');
    await ada.dialog().getByRole('button', { name: 'Roll back' }).click();
    const shown = await eventually('1.0.0 again', 45_000, lane.shown, ({ live }) => live?.version === '1.0.0');
    expect(shown.live?.version).toBe('1.0.0');
    expect(await lane.answers('production')).toEqual(['1.0.0']);
    const told = ada.message('1.1.0 → 1.0.0', '1.1.0 was rolled back to 1.0.0');
    await told.waitFor();
    await bad.getByRole('button', { name: 'Roll back' }).waitFor({ state: 'detached' });
    expect(await bad.textContent()).not.toContain('1.1.0 is live');
    await picture(ada, 'slack-rolled-back', told);
  }, 60_000);
});

test('without a browser the tests of the page say how to get one', async () => {
  await expect(openBrowser('/nowhere/chromium')).rejects.toThrow('apt-get install chromium');
});
