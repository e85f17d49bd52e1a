import { app, type InvocationContext } from '@azure/functions';
import { seenDays } from '../../shared/lane/arrivals.ts';
import type { Ports } from '../../shared/ports.ts';
import { foldAll } from '../../shared/use-cases/fold.ts';
import { forget, sweep } from '../../shared/use-cases/sweep.ts';
import { faultOf, logOf } from '../log.ts';
import { runtime } from '../runtime.ts';

const timed =
  (name: string, use: (ports: Ports) => Promise<object>) =>
  async (_timer: unknown, context: InvocationContext): Promise<void> => {
    try {
      logOf(context).info(name, { ...(await use(await runtime.ports())) });
    } catch (error) {
      logOf(context).error(`${name} will be tried again at its next time`, faultOf(error));
      throw error;
    }
  };

/** The counter in a sweep's message ids: the minute it belongs to, so that two sweeps of one minute are one. */
async function sweepNow(ports: Ports): Promise<object> {
  const { sweepAfterMs } = await runtime.settings();
  return sweep(ports, sweepAfterMs, Math.floor(ports.now().getTime() / sweepAfterMs));
}

app.timer('sweep', { schedule: '0 * * * * *', handler: timed('sweep', sweepNow) });
app.timer('fold', { schedule: '30 * * * * *', handler: timed('fold', foldAll) });
app.timer('forget', { schedule: '0 23 3 * * *', handler: timed('forget', (ports) => forget(ports, seenDays)) });
