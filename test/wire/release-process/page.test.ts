import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../infra/local/root.ts';
import type { AppsFile } from '../../../shared/wire/policy/apps-file.ts';
import { parseApps } from '../../../shared/wire/policy/apps-file.ts';
import { releaseProcessPage } from '../../../shared/wire/release-process/page.ts';

const example = readFileSync(join(root, 'apps.example.yaml'), 'utf8');

function read(yaml: string): AppsFile {
  const file = parseApps(yaml);
  if (!file.ok) throw new Error(file.why);
  return file.value;
}

function pageOf(yaml: string): string {
  const file = read(yaml);
  return releaseProcessPage(
    file.lanes().flatMap((lane) => {
      const policy = file.policy(lane);
      return policy === null ? [] : [{ lane, policy }];
    }),
  );
}

/** The text of a page as it is read, line by line. */
const textOf = (page: string): string =>
  page
    .replace(/[\s\S]*<body>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[ \t]+/g, ' ')
    .replace(/ ([,.])/g, '$1');

const site = 'site: { subscription: 00000000-0000-0000-0000-0000000000aa, resourceGroup: shop, name: shop }';
const withKeys = (...keys: string[]): string =>
  `apps:\n  shop:\n    environments:\n      production:\n${[site, ...keys].map((key) => `        ${key}\n`).join('')}`;

test('the page of the example', () => {
  expect(pageOf(example)).toMatchSnapshot();
});

test.each([
  [['mode: observe'], ['it only says what it would do'], ['Stage', 'Swap']],
  [['mode: stage'], ['it stops before the swap', 'Verify'], ['Approve', 'Roll back']],
  [['mode: swap'], ['goes live', 'Roll back', 'swapped back by itself'], ['Approve']],
  [['mode: swap', 'rollback: { mode: ask }'], ['When the build is bad, a person is asked'], ['swapped back by itself']],
  [['mode: swap', 'arrivals: { queue: 3 }'], ['at most 3 at once'], ['takes the place']],
  [['mode: swap', 'arrivals: refuse'], ['is refused while another is under way'], ['takes the place']],
  [['mode: swap', 'watch: { for: 90s }'], ['For 1 minute 30 seconds it is judged every 15 seconds'], []],
  [
    ['mode: swap', 'approval: { approvers: [authors], mayApproveOwn: true, remindBefore: off }'],
    ['authors must approve it within 4 hours', 'may approve their own'],
    ['reminder', 'emergency'],
  ],
])('%j', (keys, says, says_not) => {
  const text = textOf(pageOf(withKeys(...keys)));
  for (const each of says) expect(text).toContain(each);
  for (const each of says_not) expect(text).not.toContain(each);
});

test('whatever the file holds is text and nothing else', () => {
  const nasty = `</style><script>alert(1)</script><img src=x onerror=alert(1)>"'&\u202e`;
  const quoted = JSON.stringify(nasty);
  const page = pageOf(
    withKeys(
      'mode: swap',
      `operators: [${quoted}]`,
      `approval: { approvers: [${quoted}], breakGlass: [${quoted}] }`,
      `checks: [{ name: ${quoted}, path: '/"><script>', contains: ${quoted} }]`,
      `warmUp: { path: '/<b>' }`,
      `slack: { channel: '#"quoted"' }`,
    ),
  );
  const tags = new Set([...page.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag));
  expect([...tags].sort()).toEqual(
    'article b body code dd div dl dt h1 h2 h3 h4 head header html li meta ol p section span style title ul'.split(' '),
  );
  expect(page).not.toContain('\u202e');
  expect(page).not.toMatch(/<[^>]*\son\w+=/i);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});
