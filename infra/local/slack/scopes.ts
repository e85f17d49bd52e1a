import type { InstalledApp } from './installed-app.ts';

/** The scope a method takes (its reference page); one that is not here takes none. */
const needed: Record<string, string> = {
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'users.info': 'users:read',
  'users.lookupByEmail': 'users:read.email',
  'usergroups.list': 'usergroups:read',
  'usergroups.users.list': 'usergroups:read',
};

export const hasScope = ({ scopes }: InstalledApp, scope: string): boolean => scopes === null || scopes.includes(scope);

/** The scope that the app's token lacks for a method, and those it has; null where nothing is missing. */
export function missingScope(app: InstalledApp, method: string): { needed: string; provided: string } | null {
  const scope = needed[method];
  if (scope === undefined || hasScope(app, scope)) return null;
  return { needed: scope, provided: (app.scopes ?? []).join(',') };
}
