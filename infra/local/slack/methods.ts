import { blockFaults } from './blocks.ts';
import { type Call, listArgument, textArgument } from './call.ts';
import type { Directory } from './directory.ts';
import type { Message, MessageStore } from './message-store.ts';

/** Slack answers a refusal with HTTP 200 and `ok: false`. */
export type Answer = { ok: true; [field: string]: unknown } | { ok: false; error: string; [field: string]: unknown };

export interface Workspace {
  directory: Directory;
  messages: MessageStore;
  token: string;
}

/** Longest text: a new message takes 40,000 characters, a changed one 4,000 (reference of chat.postMessage, chat.update). */
const postedTextLimit = 40_000;
const updatedTextLimit = 4_000;

const refused = (error: string): Answer => ({ ok: false, error });

/** Answers one call as Slack would. */
export function answerCall(workspace: Workspace, call: Call): Answer {
  if (call.token === undefined) return refused('not_authed');
  if (call.token !== workspace.token) return refused('invalid_auth');
  switch (call.method) {
    case 'auth.test':
      return authTest(workspace);
    case 'chat.postMessage':
      return postMessage(workspace, call.args);
    case 'chat.update':
      return updateMessage(workspace, call.args);
    case 'users.lookupByEmail':
      return lookupByEmail(workspace, call.args);
    default:
      return refused('unknown_method');
  }
}

function authTest({ directory: { bot } }: Workspace): Answer {
  return {
    ok: true,
    url: 'http://127.0.0.1/',
    team: 'local',
    team_id: 'T0LOCAL',
    user: bot.name,
    user_id: bot.id,
    bot_id: `B${bot.id.slice(1)}`,
  };
}

function lookupByEmail({ directory }: Workspace, args: Record<string, unknown>): Answer {
  const email = textArgument(args.email)?.toLowerCase();
  const user = directory.users.find((one) => one.email.toLowerCase() === email);
  if (!user) return refused('users_not_found');
  const profile = { real_name: user.name, display_name: user.name, email: user.email };
  return {
    ok: true,
    user: { id: user.id, team_id: 'T0LOCAL', name: user.name, deleted: false, is_bot: false, profile },
  };
}

interface Content {
  text: string | undefined;
  blocks: unknown[] | undefined;
  attachments: unknown[] | undefined;
}

/** Reads and checks what a message says; a refusal where Slack would refuse. */
function contentOf(args: Record<string, unknown>, textLimit: number): Content | Answer {
  const text = textArgument(args.text);
  const blocks = listArgument(args.blocks);
  const attachments = listArgument(args.attachments);
  if (blocks === null) return refused('invalid_blocks_format');
  if (attachments === null) return refused('invalid_attachments');
  if (!text && !blocks?.length && !attachments?.length) return refused('no_text');
  if (text !== undefined && text.length > textLimit) return refused('msg_too_long');
  if ((attachments?.length ?? 0) > 100) return refused('too_many_attachments');
  const faults = blockFaults(blocks ?? []);
  for (const [index, attachment] of (attachments ?? []).entries()) {
    const inner = (attachment as { blocks?: unknown } | null)?.blocks;
    if (Array.isArray(inner)) faults.push(...blockFaults(inner, `/attachments/${index}/blocks`));
  }
  if (faults.length > 0) {
    const messages = faults.map((fault) => `[ERROR] ${fault}`);
    return { ok: false, error: 'invalid_blocks', errors: faults, response_metadata: { messages } };
  }
  return { text, blocks, attachments };
}

function postMessage({ directory, messages }: Workspace, args: Record<string, unknown>): Answer {
  const channel = directory.findChannel(textArgument(args.channel) ?? '');
  if (!channel) return refused('channel_not_found');
  const content = contentOf(args, postedTextLimit);
  if ('ok' in content) return content;
  const threadTs = textArgument(args.thread_ts);
  const root = threadTs === undefined ? undefined : messages.find(channel.id, threadTs);
  if (threadTs !== undefined && !root) return refused('thread_not_found');
  const username = textArgument(args.username);
  const message: Message = {
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
    ...(String(args.reply_broadcast) === 'true' ? { reply_broadcast: true } : {}),
    edits: 0,
  };
  messages.save(message);
  return { ok: true, channel: channel.id, ts: message.ts, message: shown(message) };
}

/** Unlike chat.postMessage it takes a channel's id only. Blocks and attachments that are not given stay as they were. */
function updateMessage({ directory, messages }: Workspace, args: Record<string, unknown>): Answer {
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
  return { ok: true, channel: channel.id, ts: message.ts, text: message.text, message: shown(message) };
}

function shown({ channel: _channel, channelName: _name, edits: _edits, ...message }: Message): object {
  return { type: 'message', bot_id: `B${message.user.slice(1)}`, ...message };
}
