import { appOf } from '../../shared/lane/words.ts';
import { Unreadable } from '../../shared/ports.ts';
import { releaseProcessPage } from '../../shared/wire/release-process/page.ts';
import { pagePolicy } from '../../shared/wire/release-process/policy-header.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';

/** How each app is released, from the policies in force, as a page; `?app=`: one of them. */
export const getReleaseProcess: Handler = async ({ query }) => {
  const { apps } = await runtime.ports();
  const app = query('app');
  const lanes = apps.lanes().filter((lane) => app === null || appOf(lane) === app);
  if (lanes.length === 0)
    throw new Unreadable(`app: expected one of ${[...new Set(apps.lanes().map(appOf))].join(', ')}`);
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy(),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
    body: releaseProcessPage(lanes.map((lane) => ({ lane, policy: apps.policy(lane) }))),
  };
};
