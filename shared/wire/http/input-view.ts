import type { Seen } from '../../lane/effect.ts';
import type { InputAnswer } from './answers.ts';
import { iso } from './instant-text.ts';

/** What became of an input, for its sender. Not seen yet means pending: it is still on its way through the queue. */
export const inputView = (id: string, seen: Seen | null): InputAnswer =>
  seen === null
    ? { id, state: 'pending', because: null, deployment: null, at: null }
    : { id, state: seen.outcome, because: seen.told, deployment: seen.deployment, at: iso(seen.at) };
