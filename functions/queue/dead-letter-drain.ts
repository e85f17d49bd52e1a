import type { InvocationContext } from '@azure/functions';
import { announceDeadLetter, storeDeadLetter } from '../../shared/use-cases/dead-letters.ts';
import { textToKeep } from '../../shared/wire/json.ts';
import { logOf } from '../log.ts';
import { usablePorts } from './usable-ports.ts';

const reason = 'given up by Service Bus after its last delivery; the log of the function says why';

/** Stores what the dead-letter queue of `source` gave, and tells of it. */
export const drain =
  (source: string) =>
  async (message: unknown, context: InvocationContext): Promise<void> => {
    const ports = await usablePorts();
    const letter = await storeDeadLetter(ports, source, textToKeep(message), reason);
    await announceDeadLetter(ports, letter);
    logOf(context).error('drained a dead letter', { source, id: letter.id });
  };
