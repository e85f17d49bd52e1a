import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';
import type { Slack } from './slack.ts';

/**
 * The control side, for tests and demonstrations; Slack has none of it.
 * `GET messages?channel=` all messages with threads and number of edits, oldest first · `POST messages` a person's own
 * message `{channel, user, text, thread_ts?}` · `GET|POST|DELETE faults` · `PUT rate-limit` `{enabled}`.
 */
export async function answerControl(
  slack: Slack,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const what = `${request.method} ${url.pathname.slice('/_control/'.length)}`;
  const body = await readJson(request);
  if (body === undefined) return send(response, 400, { error: 'the body must be a JSON object' });
  switch (what) {
    case 'GET messages':
      return listMessages(slack, url.searchParams.get('channel'), response);
    case 'POST messages':
      return postAsPerson(slack, body, response);
    case 'GET faults':
      return send(response, 200, { faults: slack.faults.list(), rateLimit: slack.rateLimit.enabled });
    case 'POST faults':
      slack.faults.add(body as Fault);
      return send(response, 200, { faults: slack.faults.list() });
    case 'DELETE faults':
      slack.faults.clear();
      return send(response, 200, { faults: [] });
    case 'PUT rate-limit':
      slack.rateLimit.enabled = body.enabled === true;
      return send(response, 200, { enabled: slack.rateLimit.enabled });
    default:
      return send(response, 404, { error: `there is no ${what}` });
  }
}

function listMessages({ workspace }: Slack, wanted: string | null, response: ServerResponse): void {
  const channel = wanted === null ? undefined : workspace.directory.findChannel(wanted);
  if (wanted !== null && !channel) {
    send(response, 404, { error: `there is no channel ${wanted}` });
    return;
  }
  send(response, 200, { messages: workspace.messages.list(channel?.id) });
}

function postAsPerson({ workspace }: Slack, body: Record<string, unknown>, response: ServerResponse): void {
  const { directory, messages } = workspace;
  const channel = directory.findChannel(String(body.channel));
  const user = directory.users.find((one) => one.id === body.user || one.name === body.user);
  if (!channel || !user) {
    send(response, 400, { error: 'channel and user must be known' });
    return;
  }
  const ts = messages.nextTs();
  messages.save({
    channel: channel.id,
    channelName: channel.name,
    ts,
    user: user.id,
    text: String(body.text ?? ''),
    blocks: [],
    attachments: [],
    ...(body.thread_ts ? { thread_ts: String(body.thread_ts) } : {}),
    edits: 0,
  });
  send(response, 200, { channel: channel.id, ts });
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  try {
    const parsed: unknown = text === '' ? {} : JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
