import { runPart } from '../part.ts';
import { startSlack } from './slack.ts';

await runPart('slack', startSlack);
