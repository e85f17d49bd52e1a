import { createHash } from 'node:crypto';

/** What Slack knows of the one app that is installed in the workspace: what its manifest says, and the secret it shares with it. */
export interface InstalledApp {
  appId: string;
  teamId: string;
  teamDomain: string;
  /** Null: nothing can be signed, so nothing is sent. */
  signingSecret: string | null;
  /** Where buttons and shortcuts are sent (`Request URL` of Interactivity & Shortcuts); null: the app takes none. */
  interactionsUrl: string | null;
  /** Where its slash commands are sent. */
  commandsUrl: string | null;
  /** The slash commands it has, with the slash; null: any is one. */
  commands: string[] | null;
  /** What a message's menu offers. */
  shortcuts: Shortcut[];
  /** What its token may do; null: everything. */
  scopes: string[] | null;
}

export interface Shortcut {
  callbackId: string;
  name: string;
}

export interface AppConfig {
  appId?: string;
  teamId?: string;
  signingSecret?: string;
  interactionsUrl?: string;
  commandsUrl?: string;
  commands?: string[];
  shortcuts?: Shortcut[];
  scopes?: string[];
}

export function installedApp(config: AppConfig): InstalledApp {
  return {
    appId: config.appId ?? 'A0LOCAL',
    teamId: config.teamId ?? 'T0LOCAL',
    teamDomain: 'local',
    signingSecret: config.signingSecret ?? null,
    interactionsUrl: config.interactionsUrl ?? null,
    commandsUrl: config.commandsUrl ?? null,
    commands: config.commands ?? null,
    shortcuts: config.shortcuts ?? [],
    scopes: config.scopes ?? null,
  };
}

/** The verification token that every request still carries and nobody may rely on: it is the same in each, and is not signed for. */
export const verificationToken = ({ appId }: InstalledApp): string =>
  createHash('sha256').update(appId).digest('base64url').slice(0, 24);
