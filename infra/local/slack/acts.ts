import { type Acted, placeOf, press, useShortcut } from './interactions.ts';
import { useCommand } from './slash.ts';
import type { Workspace } from './workspace.ts';

type Bag = Record<string, unknown>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * What a person does, on the page as on the control side: `press` `{channel, ts, action_id, block_id?, seen?, user}`, `shortcut`
 * `{channel, ts, callback_id, user}`, `command` `{channel, command, text, user}`. Undefined: there is no such act.
 */
export function act(workspace: Workspace, what: string, body: Bag): Promise<Acted> | undefined {
  const who = { user: text(body.user), channel: text(body.channel) };
  switch (what) {
    case 'press':
      return press(workspace, {
        ...who,
        ts: text(body.ts),
        action_id: text(body.action_id),
        ...(typeof body.block_id === 'string' ? { block_id: body.block_id } : {}),
        ...(typeof body.seen === 'number' ? { seen: body.seen } : {}),
      });
    case 'shortcut':
      return useShortcut(workspace, { ...who, ts: text(body.ts), callback_id: text(body.callback_id) });
    case 'command':
      return useCommand(workspace, { ...who, command: text(body.command), text: text(body.text) });
    default:
      return undefined;
  }
}

/** A person's own message; its ts and channel, or why it cannot be. */
export function say(workspace: Workspace, body: Bag): { channel: string; ts: string } | { error: string } {
  const at = placeOf(workspace, { user: text(body.user), channel: text(body.channel) });
  if ('error' in at) return at;
  const { channel, user } = at;
  const ts = workspace.messages.nextTs();
  workspace.messages.save({
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
  return { channel: channel.id, ts };
}
