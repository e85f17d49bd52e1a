import { foldAll } from '../../shared/use-cases/fold.ts';
import { timed } from './timed.ts';

export const foldErrors = timed('fold', foldAll);
