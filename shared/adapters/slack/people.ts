import type { WebClient } from '@slack/web-api';
import type { Asker } from '../../lane/decision.ts';
import type { People } from '../../ports.ts';
import { lastingRefusal, unavailable } from './slack-errors.ts';
import { openSlack, type SlackConnection } from './web-client.ts';

/** More authors than this are not looked up one by one; their addresses still count. */
const MOST_LOOKED_UP = 20;

/** Who somebody in Slack is, asked anew each time: groups and addresses can change between a click and its use. */
export function people(connection: SlackConnection): People {
  const client = openSlack(connection);
  return {
    async about(slackId, { groups, authorEmails }): Promise<Asker> {
      const email = await emailOf(client, slackId);
      const [handles, isAuthor] = await Promise.all([
        groupsOf(client, slackId, groups),
        wrote(client, slackId, email, authorEmails),
      ]);
      return { email, groups: handles, isAuthor };
    },
  };
}

/** Null where Slack does not show it to us (scope users:read.email) or does not know the person. */
async function emailOf(client: WebClient, user: string): Promise<string | null> {
  const answer = await asked(() => client.users.info({ user }));
  return answer?.user?.profile?.email ?? null;
}

async function groupsOf(client: WebClient, user: string, wanted: string[]): Promise<string[]> {
  if (wanted.length === 0) return [];
  const handles = new Set(wanted.map((handle) => handle.slice(1).toLowerCase()));
  const all = await asked(() => client.usergroups.list({ include_disabled: false }));
  const named = (all?.usergroups ?? []).filter(
    ({ handle }) => handle !== undefined && handles.has(handle.toLowerCase()),
  );
  const found: string[] = [];
  for (const { id, handle } of named) {
    if (id === undefined) continue;
    const members = await asked(() => client.usergroups.users.list({ usergroup: id }));
    if (members?.users?.includes(user)) found.push(`@${handle}`);
  }
  return found;
}

/**
 * By address, or by the person whom Slack knows under an author's address: people have several. Null where "no" would be a guess:
 * nobody's address is known, or Slack does not say whose one is. An address that Slack knows nobody under is taken for another's.
 */
async function wrote(
  client: WebClient,
  user: string,
  email: string | null,
  authors: string[],
): Promise<boolean | null> {
  if (authors.some((author) => author.toLowerCase() === email?.toLowerCase())) return true;
  let untold = authors.length === 0 || email === null || authors.length > MOST_LOOKED_UP;
  for (const author of authors.slice(0, MOST_LOOKED_UP)) {
    const owner = await ownerOf(client, author);
    if (owner === user) return true;
    untold ||= owner === null;
  }
  return untold ? null : false;
}

/** The id of whoever has the address; `nobody` where Slack knows of none, null where it does not say. */
async function ownerOf(client: WebClient, email: string): Promise<string | null> {
  try {
    const { user } = await client.users.lookupByEmail({ email });
    return user?.id ?? null;
  } catch (error) {
    const refusal = lastingRefusal(error);
    if (refusal === null) throw unavailable('Slack does not say who somebody is now', error);
    return refusal === 'users_not_found' ? 'nobody' : null;
  }
}

/** Null: Slack refuses for good (nobody of that name, a scope that is missing), so nothing is known. Throws Unavailable. */
async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (lastingRefusal(error) !== null) return null;
    throw unavailable('Slack does not say who somebody is now', error);
  }
}
