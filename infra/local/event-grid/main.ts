import { runPart } from '../part.ts';
import { startEventGrid } from './event-grid.ts';

void runPart('event-grid', startEventGrid);
