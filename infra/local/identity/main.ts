import { runPart } from '../part.ts';
import { startIdentity } from './start.ts';

await runPart('identity', startIdentity);
