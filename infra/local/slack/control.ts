import type { IncomingMessage, ServerResponse } from 'node:http';
import { act, say } from './acts.ts';
import type { Fault } from './faults.ts';
import { readJson, sendJson } from './json-body.ts';
import type { Slack } from './slack.ts';

/**
 * The control side, for tests and demonstrations; Slack has none of it.
 * `GET messages?channel=` all messages with threads and number of edits, oldest first · `POST messages` a person's own
 * message `{channel, user, text, thread_ts?}` · `GET ephemeral?user=&channel=` what one person alone sees · `POST press`,
 * `POST shortcut`, `POST command` a person's act (see acts.ts), answered with what the app answered: `{status, body, ms, failure,
 * warning, request}` · `GET|POST|DELETE faults` · `PUT rate-limit` `{enabled}`.
 */
export async function answerControl(
  slack: Slack,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const what = `${request.method} ${url.pathname.slice('/_control/'.length)}`;
  const body = await readJson(request);
  if (body === undefined) return sendJson(response, 400, { error: 'the body must be a JSON object' });
  switch (what) {
    case 'GET messages':
      return listMessages(slack, url.searchParams.get('channel'), response);
    case 'POST messages':
      return sendResult(response, say(slack.workspace, body));
    case 'GET ephemeral':
      return listEphemerals(slack, url.searchParams, response);
    case 'POST press':
    case 'POST shortcut':
    case 'POST command':
      return sendResult(response, (await act(slack.workspace, what.slice('POST '.length), body)) ?? {});
    case 'GET faults':
      return sendJson(response, 200, { faults: slack.faults.list(), rateLimit: slack.rateLimit.enabled });
    case 'POST faults':
      slack.faults.add(body as Fault);
      return sendJson(response, 200, { faults: slack.faults.list() });
    case 'DELETE faults':
      slack.faults.clear();
      return sendJson(response, 200, { faults: [] });
    case 'PUT rate-limit':
      slack.rateLimit.enabled = body.enabled === true;
      return sendJson(response, 200, { enabled: slack.rateLimit.enabled });
    default:
      return sendJson(response, 404, { error: `there is no ${what}` });
  }
}

const sendResult = (response: ServerResponse, result: object): void =>
  sendJson(response, 'error' in result ? 400 : 200, result);

function listMessages({ workspace }: Slack, wanted: string | null, response: ServerResponse): void {
  const channel = wanted === null ? undefined : workspace.directory.findChannel(wanted);
  if (wanted !== null && !channel) {
    sendJson(response, 404, { error: `there is no channel ${wanted}` });
    return;
  }
  sendJson(response, 200, { messages: workspace.messages.list(channel?.id) });
}

function listEphemerals({ workspace }: Slack, query: URLSearchParams, response: ServerResponse): void {
  const [user, channel] = [query.get('user'), query.get('channel')];
  const person = workspace.directory.users.find(({ id, name }) => id === user || name === user);
  const place = channel === null ? undefined : workspace.directory.findChannel(channel);
  if ((user !== null && !person) || (channel !== null && !place)) {
    sendJson(response, 404, { error: `there is no user ${user} or no channel ${channel}` });
    return;
  }
  sendJson(response, 200, { messages: workspace.ephemerals.list(person?.id, place?.id) });
}
