import { digest } from '../../shared/use-cases/digest.ts';
import { renderer } from '../renderer.ts';
import { timed } from './timed.ts';

/** Each morning: what happened in the day that ended at midnight, UTC. */
export const digestDay = timed('digest', async (ports) => digest(ports, (await renderer()).digest));
