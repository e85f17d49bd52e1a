import { metric } from '../metrics.ts';
import { type Ports, Unavailable } from '../ports.ts';
import { wakeInput } from './receive.ts';

/**
 * Each minute: a `wake` to every lane that should have been looked after and was not, and to those of the owner's file that nobody
 * touched yet. It never acts itself. The counter in the message id keeps a repeated sweep from being dropped as a duplicate. A row that
 * cannot be told of (it names no lane) keeps no other lane from being woken. Throws Unavailable.
 */
export async function sweep(ports: Ports, overdueMs: number, count: number): Promise<{ woken: number }> {
  const overdue = await ports.lanes.overdue(new Date(ports.now().getTime() - overdueMs));
  metric(ports.log, 'lanes.overdue', overdue.length, {});
  const known = new Set(await ports.lanes.known());
  const untouched = ports.apps.lanes().filter((lane) => !known.has(lane));
  const wakes = [...overdue, ...untouched.map((lane) => ({ lane, step: 0 }))];
  let woken = 0;
  for (const { lane, step } of wakes) {
    try {
      await ports.inbox.send(wakeInput(lane, step), { purpose: `~sweep${count}` });
      woken += 1;
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      const because = error instanceof Error ? error.message : 'unknown';
      ports.log.error('a lane could not be woken', { lane, because });
    }
  }
  return { woken };
}

/** Once a day: what was seen more than thirty days ago cannot come again, because such build events are refused. */
export async function forget(ports: Ports, seenDays: number): Promise<{ forgotten: number }> {
  return { forgotten: await ports.lanes.forgetSeen(new Date(ports.now().getTime() - (seenDays + 1) * 86_400_000)) };
}
