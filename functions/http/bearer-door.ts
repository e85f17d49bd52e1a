import type { Actor } from '../../shared/lane/words.ts';
import { type Right, whoAsks } from '../../shared/wire/access.ts';
import { runtime } from '../runtime.ts';
import { problem } from './problem.ts';
import type { Door } from './scheme.ts';

/**
 * Lets in whoever sends a token that has the right. What is answered to the others depends on nothing they sent: not on what was wrong
 * with the token, nor on the address, nor on whether there is anything there.
 */
export const bearerDoor =
  (right: Right): Door<Actor> =>
  async ({ headers }) => {
    const { tokens } = await runtime.settings();
    const who = whoAsks(tokens, headers.get('authorization'));
    if (who === null) return { refused: unknown(), because: 'no token that is known' };
    if (!who.rights.includes(right)) return { refused: lacking(), because: `${who.name} may not ${right}` };
    return { caller: { name: who.name } };
  };

const unknown = () => problem(401, 'send a known token: Authorization: Bearer …', { 'www-authenticate': 'Bearer' });

const lacking = () =>
  problem(403, 'this token is known, and has not the right that this takes: read, report, deploy or command');
