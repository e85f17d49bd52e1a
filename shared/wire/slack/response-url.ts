import * as v from 'valibot';
import { textUpTo } from '../words.ts';

const SLACK = 'https://hooks.slack.com';

/**
 * The address at which Slack takes an answer for one person. It is called by us, so it must be Slack's own and not one that somebody
 * chose: https at hooks.slack.com, or the origin of the Web API's address where that is another one.
 */
export const responseUrl = (apiUrl: string | undefined) =>
  v.pipe(
    textUpTo(2_000),
    v.check((text) => isSlacks(text, apiUrl), "must be an address of Slack's"),
  );

function isSlacks(text: string, apiUrl: string | undefined): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return origin === SLACK || (apiUrl !== undefined && URL.canParse(apiUrl) && origin === new URL(apiUrl).origin);
}
