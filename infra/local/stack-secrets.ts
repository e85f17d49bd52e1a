import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface LocalSecrets {
  busKey: string;
  identityHeader: string;
  tokenKey: string;
  eventGridKey: string;
  slackToken: string;
  slackSigningSecret: string;
  operatorToken: string;
}

/** Secrets of this folder's local Azure: made once, so that what was started before is found again; one that a former start did not have is added. */
export function readSecrets(file: string): LocalSecrets {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<LocalSecrets>) : {};
  const secret = (): string => randomBytes(24).toString('hex');
  const made: LocalSecrets = {
    busKey: secret(),
    identityHeader: secret(),
    tokenKey: secret(),
    eventGridKey: secret(),
    slackToken: `xoxb-${secret()}`,
    slackSigningSecret: secret(),
    operatorToken: secret(),
    ...before,
  };
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

/** A bearer token with every right, as the service's settings name it. */
export function tokenOf(name: string, token: string): object {
  return {
    name,
    sha256: createHash('sha256').update(token).digest('hex'),
    rights: ['read', 'report', 'deploy', 'command'],
  };
}
