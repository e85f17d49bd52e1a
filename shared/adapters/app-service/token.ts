import type { AccessToken, TokenCredential } from '@azure/identity';
import { Unavailable } from '../../ports.ts';

/** ARM and the SCM hosts take the same token. */
const SCOPE = 'https://management.azure.com/.default';
/** A token is renewed when it has less than this left: longer than any request lasts. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** One credential for everything, its token kept: once a look has been taken, an act does not wait for the identity endpoint. */
export interface KeptToken extends TokenCredential {
  getToken(): Promise<AccessToken>;
}

export function keptToken(credential: TokenCredential, now: () => Date): KeptToken {
  let kept: AccessToken | null = null;
  return {
    async getToken() {
      if (kept !== null && kept.expiresOnTimestamp - now().getTime() > RENEW_BEFORE_MS) return kept;
      try {
        const token = await credential.getToken(SCOPE, { abortSignal: AbortSignal.timeout(10_000) });
        if (token === null) throw new Error('the credential gave no token');
        kept = token;
        return token;
      } catch (error) {
        throw new Unavailable('no token for App Service can be had', { cause: error });
      }
    },
  };
}
