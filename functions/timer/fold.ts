import { foldAll } from '../../shared/use-cases/fold-all.ts';
import { timed } from './timed.ts';

export const foldErrors = timed('fold', foldAll);
