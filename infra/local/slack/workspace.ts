import type { Directory } from './directory.ts';
import type { EphemeralStore } from './ephemeral-store.ts';
import type { InstalledApp } from './installed-app.ts';
import type { MessageStore } from './message-store.ts';
import type { ResponseUrls } from './response-urls.ts';

/** All that this Slack holds. */
export interface Workspace {
  directory: Directory;
  messages: MessageStore;
  ephemerals: EphemeralStore;
  app: InstalledApp;
  responseUrls: ResponseUrls;
  /** The one token that is valid. */
  token: string;
}

/** Slack answers a refusal with HTTP 200 and `ok: false`. */
export type Answer = { ok: true; [field: string]: unknown } | { ok: false; error: string; [field: string]: unknown };

export const refused = (error: string): Answer => ({ ok: false, error });
