import type { InvocationContext } from '@azure/functions';
import type { Ports } from '../../shared/ports.ts';
import { faultOf, logOf } from '../log.ts';
import { runtime } from '../runtime.ts';

/** A timer's handler: one use case, logged in one line. */
export const timed =
  (name: string, use: (ports: Ports) => Promise<object>) =>
  async (_timer: unknown, context: InvocationContext): Promise<void> => {
    try {
      logOf(context).info(name, { ...(await use(await runtime.ports())) });
    } catch (error) {
      logOf(context).error(`${name} will be tried again at its next time`, faultOf(error));
      throw error;
    }
  };
