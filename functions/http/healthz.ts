import { faultOf, logOf } from '../log.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';

/** Says only ok or not; what is wrong, only the log says. */
export const getHealth: Handler<null> = async ({ context }) => {
  try {
    await runtime.usable();
    return { status: 200, body: 'ok\n' };
  } catch (error) {
    logOf(context).error('not usable', faultOf(error));
    return { status: 503, body: 'not ok\n' };
  }
};
