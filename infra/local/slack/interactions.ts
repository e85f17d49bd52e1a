import { randomBytes } from 'node:crypto';
import { buttonsIn, type PlacedButton } from './block-ids.ts';
import { type Delivery, deliver, destination, slackJson, warningOf } from './deliver.ts';
import type { Channel, User } from './directory.ts';
import { verificationToken } from './installed-app.ts';
import { messageForApps } from './message-for-apps.ts';
import type { Message } from './message-store.ts';
import type { Workspace } from './workspace.ts';

/** What came of a person's act: what the app answered and what the person reads if it did not; or why there was nothing to send. */
export type Acted = (Delivery & { warning: string | null }) | { error: string };

export interface Press {
  /** A user's id or short name. */
  user: string;
  channel: string;
  ts: string;
  action_id: string;
  /** Where two blocks have a button of that name. */
  block_id?: string;
  /** The number of edits the person's screen shows; without it the newest state. A screen may be behind. */
  seen?: number;
}

export const noInteractivity = 'This app is not configured to handle interactive responses.';

/** A person presses a button. The action is the one on their screen, the message is what Slack has now. */
export async function press(workspace: Workspace, asked: Press): Promise<Acted> {
  const at = placeOf(workspace, asked);
  if ('error' in at) return at;
  const { channel, user } = at;
  const ephemeral = workspace.ephemerals.find(channel.id, asked.ts);
  const message = ephemeral ?? workspace.messages.find(channel.id, asked.ts);
  if (!message || (ephemeral && ephemeral.to !== user.id)) return { error: 'there is no such message' };
  const shown = asked.seen === undefined ? message : seenState(workspace, message, asked.seen);
  const placed = buttonsIn(shown?.blocks ?? []).find(
    ({ actionId, blockId }) => actionId === asked.action_id && (asked.block_id ?? blockId) === blockId,
  );
  if (!placed) return { error: `the message has no button ${asked.action_id}` };
  const isEphemeral = ephemeral !== undefined;
  return send(workspace, {
    type: 'block_actions',
    ...whoAndWhere(workspace, user, channel),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    },
    // Slack keeps no ephemeral message, and cannot give one.
    ...(isEphemeral ? {} : { message: messageForApps(workspace, message) }),
    state: { values: {} },
    response_url: responseUrl(workspace, user, message, isEphemeral),
    actions: [actionOf(placed, workspace.messages.nextTs())],
  });
}

const seenState = ({ messages, ephemerals }: Workspace, { channel, ts }: Message, edits: number): Message | undefined =>
  ephemerals.find(channel, ts) ?? messages.seen(channel, ts, edits);

function actionOf({ blockId, actionId, button }: PlacedButton, actionTs: string): object {
  const { text, value, style, url } = button;
  return {
    action_id: actionId,
    block_id: blockId,
    text,
    ...(value === undefined ? {} : { value }),
    ...(style === undefined ? {} : { style }),
    ...(url === undefined ? {} : { url }),
    type: 'button',
    action_ts: actionTs,
  };
}

export interface ShortcutUse {
  user: string;
  channel: string;
  ts: string;
  callback_id: string;
}

/** A person takes an app's shortcut from the menu of a message. */
export async function useShortcut(workspace: Workspace, asked: ShortcutUse): Promise<Acted> {
  const at = placeOf(workspace, asked);
  if ('error' in at) return at;
  const { channel, user } = at;
  const message = workspace.messages.find(channel.id, asked.ts);
  if (!message) return { error: 'there is no such message' };
  if (!workspace.app.shortcuts.some(({ callbackId }) => callbackId === asked.callback_id))
    return { error: `the app has no shortcut ${asked.callback_id}` };
  return send(workspace, {
    type: 'message_action',
    ...whoAndWhere(workspace, user, channel),
    callback_id: asked.callback_id,
    action_ts: workspace.messages.nextTs(),
    message_ts: message.ts,
    message: messageForApps(workspace, message),
    response_url: responseUrl(workspace, user, message, false),
  });
}

/** The channel and the person, both of whom must be known. */
export function placeOf(
  { directory }: Workspace,
  asked: { user: string; channel: string },
): { channel: Channel; user: User } | { error: string } {
  const channel = directory.findChannel(asked.channel);
  if (!channel) return { error: `there is no channel ${asked.channel}` };
  const user = directory.users.find(({ id, name }) => id === asked.user || name === asked.user);
  return user ? { channel, user } : { error: `there is no user ${asked.user}` };
}

/** A value that is used once, by what is asked with it within three seconds. */
export const triggerId = (): string =>
  `${Date.now()}.${Math.floor(Math.random() * 1e12)}.${randomBytes(16).toString('hex')}`;

function whoAndWhere({ app }: Workspace, user: User, channel: Channel): object {
  return {
    token: verificationToken(app),
    user: { id: user.id, username: user.name, name: user.name, team_id: app.teamId },
    api_app_id: app.appId,
    team: { id: app.teamId, domain: app.teamDomain },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: channel.id, name: channelNameForApps(channel) },
    trigger_id: triggerId(),
  };
}

export const channelNameForApps = ({ name }: Channel): string => (name.startsWith('@') ? 'directmessage' : name);

function responseUrl({ responseUrls }: Workspace, user: User, message: Message, ephemeral: boolean): string {
  return responseUrls.issue({
    kind: 'actions',
    channel: message.channel,
    user: user.id,
    source: { ts: message.ts, ephemeral },
    ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
  });
}

async function send({ app }: Workspace, payload: object): Promise<Acted> {
  const to = destination(app, app.interactionsUrl);
  if (to === null) return { error: noInteractivity };
  const delivery = await deliver(to.secret, to.url, { payload: slackJson(payload) });
  return { ...delivery, warning: warningOf(delivery) };
}
