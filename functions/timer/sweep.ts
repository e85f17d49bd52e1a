import { seenDays } from '../../shared/lane/arrivals.ts';
import { forget, sweep } from '../../shared/use-cases/sweep.ts';
import { runtime } from '../runtime.ts';
import { timed } from './timed.ts';

/** The counter in a sweep's message ids: the minute it belongs to, so that two sweeps of one minute are one. */
export const sweepLanes = timed('sweep', async (ports) => {
  const { sweepAfterMs } = await runtime.settings();
  return sweep(ports, sweepAfterMs, Math.floor(ports.now().getTime() / sweepAfterMs));
});

export const forgetSeen = timed('forget', (ports) => forget(ports, seenDays));
