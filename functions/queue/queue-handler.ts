import type { InvocationContext } from '@azure/functions';
import { type Ports, Unreadable } from '../../shared/ports.ts';
import { announceDeadLetter, storeDeadLetter } from '../../shared/use-cases/dead-letters.ts';
import type { Decoded } from '../../shared/wire/decode.ts';
import { textToKeep } from '../../shared/wire/json.ts';
import { faultOf, logOf } from '../log.ts';
import { continuing, scope } from '../scope.ts';
import { usablePorts } from './usable-ports.ts';

/**
 * A message handler: decoded, handed to one use case, logged in one line. What cannot be read is stored with its reason, announced
 * and completed; anything else that goes wrong is thrown, so that the message comes again.
 */
export function queueHandler<Value>(
  source: string,
  decode: (message: unknown) => Decoded<Value>,
  use: (ports: Ports, value: Value, context: InvocationContext) => Promise<object>,
): (message: unknown, context: InvocationContext) => Promise<void> {
  const handle = async (message: unknown, context: InvocationContext): Promise<void> => {
    const log = logOf(context);
    try {
      const ports = await usablePorts();
      const decoded = decode(message);
      const told = decoded.ok
        ? await orUnreadable(() => use(ports, decoded.value, context))
        : { unreadable: decoded.why };
      if ('unreadable' in told) {
        const letter = await storeDeadLetter(ports, source, textToKeep(message), String(told.unreadable));
        await announceDeadLetter(ports, letter);
        log.error('stored as unreadable', { source, id: letter.id, reason: letter.reason });
      } else {
        log.info(source, { ...told });
      }
    } catch (error) {
      log.error('the message will come again', { source, ...faultOf(error) });
      throw error;
    }
  };
  return (message, context) => scope.within(continuing(message), () => handle(message, context));
}

async function orUnreadable(use: () => Promise<object>): Promise<object> {
  try {
    return await use();
  } catch (error) {
    if (error instanceof Unreadable) return { unreadable: error.message };
    throw error;
  }
}
