import { newMessage, updatedTextLimit } from './chat-methods.ts';
import { contentOf } from './content.ts';
import type { ResponsePlace } from './response-urls.ts';
import { type Answer, refused, type Workspace } from './workspace.ts';

const isTrue = (value: unknown): boolean => value === true || value === 'true';

/**
 * What an app says to somebody's click or command, at the response_url or at once: `{response_type, replace_original, text, blocks}`.
 * Only the person sees it unless it says `in_channel`; with `replace_original` it takes the place of the message that was pressed.
 */
export function respond(workspace: Workspace, place: ResponsePlace, said: Record<string, unknown>): Answer {
  const channel = workspace.directory.channelById(place.channel);
  if (!channel) return refused('channel_not_found');
  if (isTrue(said.replace_original) && place.source) return replace(workspace, place, place.source, said);
  const thread = said.thread_ts ?? place.thread_ts;
  const made = newMessage(workspace, channel, { ...said, username: undefined, thread_ts: thread });
  if ('ok' in made) return made;
  if (said.response_type === 'in_channel') workspace.messages.save(made);
  else workspace.ephemerals.save({ ...made, to: place.user });
  return { ok: true };
}

function replace(
  { directory, messages, ephemerals }: Workspace,
  { channel }: ResponsePlace,
  { ts, ephemeral }: { ts: string; ephemeral: boolean },
  said: Record<string, unknown>,
): Answer {
  const content = contentOf(said, updatedTextLimit);
  if ('ok' in content) return content;
  const changes = {
    text: content.text ?? '',
    blocks: content.blocks ?? [],
    attachments: content.attachments ?? [],
    edited: { user: directory.bot.id, ts: messages.nextTs() },
  };
  if (ephemeral) {
    const before = ephemerals.find(channel, ts);
    if (!before) return refused('message_not_found');
    ephemerals.save({ ...before, ...changes, edits: before.edits + 1 });
    return { ok: true };
  }
  const before = messages.find(channel, ts);
  if (!before) return refused('message_not_found');
  messages.save({ ...before, ...changes, edits: before.edits + 1 });
  return { ok: true };
}
