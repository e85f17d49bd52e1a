import type { Fresh } from './fresh-request.ts';
import type { KeptToken } from './token.ts';

/** What asking a slot takes: requests over new connections, and our token for its Kudu. */
export interface Reach {
  fresh: Fresh;
  token: KeptToken;
}
