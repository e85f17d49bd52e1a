import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../../scenarios/chromium.ts';
import { appsYaml } from '../apps-yaml.ts';
import { problemOf } from '../problem-of.ts';
import { type RunningService, startAlone } from '../service.ts';

let service: RunningService;

const ADDRESS = '/api/v1/release-process';
const nasty = `<img src=x onerror=document.title='run'><script>document.title='run'</script>`;

beforeAll(async () => {
  const check = `        checks: [{ name: ${JSON.stringify(nasty)}, path: / }]\n        mode: swap\n`;
  service = await startAlone({ apps: appsYaml.replace('        mode: observe\n', check) });
});
afterAll(async () => {
  await service.close();
});

test('the page tells of every app, or of the one asked for', async () => {
  const all = await service.ask('GET', ADDRESS, { as: 'read' });
  expect([all.status, all.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect([...all.text.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, app]) => app)).toEqual(['shop', 'desk']);
  const one = await service.ask('GET', `${ADDRESS}?app=desk`, { as: 'read' });
  expect([...one.text.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, app]) => app)).toEqual(['desk']);
  for (const app of ['nobody', '', '__proto__', '<script>'])
    expect(problemOf(await service.ask('GET', `${ADDRESS}?app=${encodeURIComponent(app)}`, { as: 'read' }), 422)).toBe(
      'app: expected one of shop, desk',
    );
});

test('a browser shows it in its own style, and runs and loads nothing', async () => {
  const browser = await openBrowser();
  try {
    const context = await browser.newContext({
      extraHTTPHeaders: { authorization: `Bearer ${service.tokens.read}` },
    });
    const page = await context.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${service.origin}${ADDRESS}`);
    expect(await page.title()).toBe('Release process');
    // The style sheet is let in by its hash; another one would not be.
    const radius = "getComputedStyle(document.querySelector('article')).borderRadius";
    expect(await page.evaluate(radius)).not.toBe('0px');
    expect(await page.locator('li li b').first().textContent()).toBe(nasty);
    expect(asked.filter((path) => path !== '/favicon.ico')).toEqual([ADDRESS]);
    expect(complaints.filter((text) => /content security policy/i.test(text))).toEqual([]);
    // Planted: what the page must never hold is stopped even so.
    const planted = '<style>body { opacity: 0.1 }</style><img src=x onerror="document.title=1">';
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(planted)})`);
    expect(await page.evaluate('getComputedStyle(document.body).opacity')).toBe('1');
    expect(await page.title()).toBe('Release process');
  } finally {
    await browser.close();
  }
});
