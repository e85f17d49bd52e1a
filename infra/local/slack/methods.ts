import type { Call } from './call.ts';
import { postEphemeral, postMessage, updateMessage } from './chat-methods.ts';
import { listUsergroups, listUsergroupUsers, lookupByEmail, userInfo } from './people-methods.ts';
import { missingScope } from './scopes.ts';
import { type Answer, refused, type Workspace } from './workspace.ts';

/** Answers one call as Slack would. */
export function answerCall(workspace: Workspace, { method, token, args }: Call): Answer {
  if (token === undefined) return refused('not_authed');
  if (token !== workspace.token) return refused('invalid_auth');
  const missing = missingScope(workspace.app, method);
  if (missing) return { ok: false, error: 'missing_scope', ...missing };
  switch (method) {
    case 'auth.test':
      return authTest(workspace);
    case 'chat.postMessage':
      return postMessage(workspace, args);
    case 'chat.postEphemeral':
      return postEphemeral(workspace, args);
    case 'chat.update':
      return updateMessage(workspace, args);
    case 'users.info':
      return userInfo(workspace, args);
    case 'users.lookupByEmail':
      return lookupByEmail(workspace, args);
    case 'usergroups.list':
      return listUsergroups(workspace, args);
    case 'usergroups.users.list':
      return listUsergroupUsers(workspace, args);
    default:
      return refused('unknown_method');
  }
}

function authTest({ directory: { bot }, app }: Workspace): Answer {
  return {
    ok: true,
    url: 'http://127.0.0.1/',
    team: app.teamDomain,
    team_id: app.teamId,
    user: bot.name,
    user_id: bot.id,
    bot_id: `B${bot.id.slice(1)}`,
  };
}
