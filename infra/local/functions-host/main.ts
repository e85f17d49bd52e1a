import { runPart } from '../part.ts';
import { startFunctionsHost } from './functions-host.ts';

await runPart('functions-host', startFunctionsHost);
