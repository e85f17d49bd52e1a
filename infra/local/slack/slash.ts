import { deliver, destination, warningOf } from './deliver.ts';
import { slackbot, type User } from './directory.ts';
import { verificationToken } from './installed-app.ts';
import { type Acted, channelNameForApps, placeOf, triggerId } from './interactions.ts';
import { respond } from './respond.ts';
import type { ResponsePlace } from './response-urls.ts';
import type { Workspace } from './workspace.ts';

export interface SlashUse {
  user: string;
  channel: string;
  /** With the slash: `/deploy`. */
  command: string;
  text: string;
}

/** A person types a slash command. What the app says at once is shown; what went wrong, Slackbot tells the person alone. */
export async function useCommand(workspace: Workspace, asked: SlashUse): Promise<Acted> {
  const at = placeOf(workspace, asked);
  if ('error' in at) return at;
  const { channel, user } = at;
  const { app } = workspace;
  const place: ResponsePlace = { kind: 'commands', channel: channel.id, user: user.id };
  const known = app.commands === null || app.commands.includes(asked.command);
  const to = known ? destination(app, app.commandsUrl) : null;
  if (to === null) {
    const why = `${asked.command} is not a valid command.`;
    tellAsSlackbot(workspace, channel, user, why);
    return { error: why };
  }
  const delivery = await deliver(to.secret, to.url, {
    token: verificationToken(app),
    team_id: app.teamId,
    team_domain: app.teamDomain,
    channel_id: channel.id,
    channel_name: channelNameForApps(channel),
    user_id: user.id,
    user_name: user.name,
    command: asked.command,
    text: escaped(asked.text.trim()),
    api_app_id: app.appId,
    is_enterprise_install: 'false',
    response_url: workspace.responseUrls.issue(place),
    trigger_id: triggerId(),
  });
  if (delivery.failure === null) showAnswer(workspace, place, delivery.body);
  else tellAsSlackbot(workspace, channel, user, `${asked.command} failed with the error "${delivery.failure}"`);
  return { ...delivery, warning: warningOf(delivery) };
}

/** What people write reaches apps with the three characters escaped that have a meaning in messages. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The body of a command's 200: nothing, JSON like that for a response_url, or a text for the person alone. */
function showAnswer(workspace: Workspace, place: ResponsePlace, body: string): void {
  if (body.trim() === '') return;
  const shown = respond(workspace, place, jsonObject(body) ?? { text: body });
  if (shown.ok) return;
  const { directory } = workspace;
  const [channel, user] = [directory.channelById(place.channel), directory.userById(place.user)];
  if (channel && user) tellAsSlackbot(workspace, channel, user, `the answer cannot be shown: ${shown.error}`);
}

function jsonObject(body: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null;
  } catch {
    return null;
  }
}

function tellAsSlackbot(
  { ephemerals, messages }: Workspace,
  channel: { id: string; name: string },
  user: User,
  text: string,
): void {
  ephemerals.save({
    channel: channel.id,
    channelName: channel.name,
    ts: messages.nextTs(),
    user: slackbot.id,
    to: user.id,
    text,
    blocks: [],
    attachments: [],
    edits: 0,
  });
}
