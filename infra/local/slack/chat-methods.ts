import { textArgument } from './call.ts';
import { contentOf } from './content.ts';
import type { Channel } from './directory.ts';
import { messageForApps } from './message-for-apps.ts';
import type { Message } from './message-store.ts';
import { type Answer, refused, type Workspace } from './workspace.ts';

/** Longest text: a new message takes 40,000 characters, a changed one 4,000 (reference of chat.postMessage, chat.update). */
const postedTextLimit = 40_000;
export const updatedTextLimit = 4_000;

type Args = Record<string, unknown>;

export function postMessage(workspace: Workspace, args: Args): Answer {
  const { directory, messages } = workspace;
  const channel = directory.findChannel(textArgument(args.channel) ?? '');
  if (!channel) return refused('channel_not_found');
  const made = newMessage(workspace, channel, args);
  if ('ok' in made) return made;
  const message: Message = {
    ...made,
    ...(String(args.reply_broadcast) === 'true' ? { reply_broadcast: true } : {}),
  };
  messages.save(message);
  return { ok: true, channel: channel.id, ts: message.ts, message: messageForApps(workspace, message) };
}

/** A message that only `user` sees; it is in no list, and cannot be changed by chat.update. */
export function postEphemeral(workspace: Workspace, args: Args): Answer {
  const { directory, ephemerals } = workspace;
  const channel = directory.findChannel(textArgument(args.channel) ?? '');
  if (!channel) return refused('channel_not_found');
  const user = directory.userById(textArgument(args.user) ?? '');
  if (!user) return refused('user_not_in_channel');
  const made = newMessage(workspace, channel, args);
  if ('ok' in made) return made;
  ephemerals.save({ ...made, to: user.id });
  return { ok: true, message_ts: made.ts };
}

/** What the app says for the first time, in a channel or a thread of it; a refusal where Slack would refuse. */
export function newMessage({ directory, messages }: Workspace, channel: Channel, args: Args): Message | Answer {
  const content = contentOf(args, postedTextLimit);
  if ('ok' in content) return content;
  const threadTs = textArgument(args.thread_ts);
  const root = threadTs === undefined ? undefined : messages.find(channel.id, threadTs);
  if (threadTs !== undefined && !root) return refused('thread_not_found');
  const username = textArgument(args.username);
  return {
    channel: channel.id,
    channelName: channel.name,
    ts: messages.nextTs(),
    user: directory.bot.id,
    ...(username ? { username } : {}),
    text: content.text ?? '',
    blocks: content.blocks ?? [],
    attachments: content.attachments ?? [],
    // A reply to a reply belongs to the thread's first message.
    ...(root ? { thread_ts: root.thread_ts ?? root.ts } : {}),
    edits: 0,
  };
}

/** Unlike chat.postMessage it takes a channel's id only. Blocks and attachments that are not given stay as they were. */
export function updateMessage(workspace: Workspace, args: Args): Answer {
  const { directory, messages } = workspace;
  const channel = directory.channelById(textArgument(args.channel) ?? '');
  if (!channel) return refused('channel_not_found');
  const before = messages.find(channel.id, textArgument(args.ts) ?? '');
  if (!before) return refused('message_not_found');
  if (before.user !== directory.bot.id) return refused('cant_update_message');
  const content = contentOf(args, updatedTextLimit);
  if ('ok' in content) return content;
  const message: Message = {
    ...before,
    text: content.text ?? '',
    blocks: content.blocks ?? before.blocks,
    attachments: content.attachments ?? before.attachments,
    edits: before.edits + 1,
    edited: { user: directory.bot.id, ts: messages.nextTs() },
  };
  messages.save(message);
  const shown = messageForApps(workspace, message);
  return { ok: true, channel: channel.id, ts: message.ts, text: message.text, message: shown };
}
