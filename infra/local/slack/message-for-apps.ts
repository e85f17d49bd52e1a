import { withIds } from './block-ids.ts';
import type { Message } from './message-store.ts';
import type { Workspace } from './workspace.ts';

/** A message as an app is given it, in an answer or in the payload of an interaction: every block has its id. */
export function messageForApps({ app, directory }: Workspace, message: Message): object {
  const { channel: _channel, channelName: _name, edits: _edits, blocks, ...rest } = message;
  const own = message.user === directory.bot.id;
  return {
    type: 'message',
    ...(own ? { bot_id: `B${message.user.slice(1)}`, app_id: app.appId } : {}),
    team: app.teamId,
    ...rest,
    blocks: withIds(blocks),
  };
}
