import { runPart } from '../part.ts';
import { startAppService } from './start.ts';

await runPart('app-service', startAppService);
