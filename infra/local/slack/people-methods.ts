import { textArgument } from './call.ts';
import type { User, Usergroup } from './directory.ts';
import { hasScope } from './scopes.ts';
import { type Answer, refused, type Workspace } from './workspace.ts';

type Args = Record<string, unknown>;

export function lookupByEmail(workspace: Workspace, args: Args): Answer {
  const email = textArgument(args.email)?.toLowerCase();
  const user = workspace.directory.users.find((one) => one.email.toLowerCase() === email);
  return user ? { ok: true, user: shownUser(workspace, user) } : refused('users_not_found');
}

export function userInfo(workspace: Workspace, args: Args): Answer {
  const { directory, app } = workspace;
  const id = textArgument(args.user) ?? '';
  if (id === directory.bot.id) {
    const { name } = directory.bot;
    const bot = { id, team_id: app.teamId, name, deleted: false, is_bot: true, real_name: name };
    return { ok: true, user: { ...bot, profile: { real_name: name, display_name: name } } };
  }
  const user = directory.userById(id);
  return user ? { ok: true, user: shownUser(workspace, user) } : refused('user_not_found');
}

/** The address is part of the profile only for a token with `users:read.email` (reference of users.info). */
function shownUser({ app }: Workspace, user: User): object {
  const { id, name, email, realName = name } = user;
  const profile = {
    real_name: realName,
    display_name: name,
    ...(hasScope(app, 'users:read.email') ? { email } : {}),
  };
  return { id, team_id: app.teamId, name, deleted: false, is_bot: false, real_name: realName, profile };
}

export function listUsergroups({ directory, app }: Workspace, args: Args): Answer {
  const withUsers = String(args.include_users) === 'true';
  const shown = ({ id, handle, name, users }: Usergroup): object => ({
    id,
    team_id: app.teamId,
    is_usergroup: true,
    name,
    handle,
    description: '',
    is_external: false,
    date_delete: 0,
    user_count: users.length,
    ...(withUsers ? { users } : {}),
  });
  return { ok: true, usergroups: directory.usergroups.map(shown) };
}

export function listUsergroupUsers({ directory }: Workspace, args: Args): Answer {
  const group = directory.usergroups.find(({ id }) => id === textArgument(args.usergroup));
  return group ? { ok: true, users: group.users } : refused('no_such_subteam');
}
