import { type SharedKey, unauthorized, verifySasToken } from './sas-token.ts';

/** What one connection has shown to be allowed: entity paths, each until its token ends. */
export class Claims {
  readonly #shared: SharedKey;
  readonly #now: () => number;
  readonly #until = new Map<string, number>();

  constructor(shared: SharedKey, now: () => number) {
    this.#shared = shared;
    this.#now = now;
  }

  /**
   * Notes the claim of a put-token request on the audience, an address such as `sb://127.0.0.1:5672/builds`.
   * @throws unauthorized-access when the token is not valid for that audience
   */
  put(audience: string, token: string): void {
    const { resource, until } = verifySasToken(token, this.#shared, this.#now());
    const path = pathOf(audience);
    if (!covers(pathOf(resource), path)) throw unauthorized('the token is for another resource');
    this.#until.set(path, until);
  }

  /** @throws unauthorized-access when no claim covers this address, or it has ended */
  require(address: string): void {
    const path = normal(address);
    for (const [claimed, until] of this.#until) if (until > this.#now() && covers(claimed, path)) return;
    throw unauthorized(`a claim on '${address}' is required`);
  }
}

/** The path of an audience, without scheme and host. */
export function pathOf(audience: string): string {
  return normal(audience.replace(/^[a-z]+:\/\/[^/]*\/?/i, ''));
}

const normal = (path: string): string => path.toLowerCase().replace(/\/$/, '');

/** A claim on an entity covers what is below it; one on the namespace covers everything. */
function covers(claimed: string, path: string): boolean {
  return claimed === '' || path === claimed || path.startsWith(`${claimed}/`);
}
