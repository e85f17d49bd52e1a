import type { Lane } from './lane.ts';
import type { Act } from './swap/act.ts';

/** A swap that was kept back for longer is not what was warmed and verified any more. */
const mostKeptBackMs = 300_000;

/** Nothing of this swap was sent: it can still be called off. A preview that is to be reset was left by one that was. */
export const isUnsentSwap = (act: Act): act is Extract<Act, { step: 'planned' }> =>
  act.step === 'planned' && act.goal.kind === 'swap';

/** Why no act is started in the lane now; null: nothing keeps it back. A hold keeps back the swap of a deploy, never a way back. */
export function keptBack(stopped: boolean, { active, hold }: Lane): string | null {
  if (stopped) return 'WARMSWAP_STOP is set';
  if (hold === null || active?.stage !== 'swapping' || !isUnsentSwap(active.swap)) return null;
  return `on hold by ${hold.by}: ${hold.because}`;
}

/** The swap of a deploy was kept back for so long that it must not be sent before it is warmed and verified anew. */
export function isStale(now: Date, { active }: Lane): boolean {
  if (active?.stage !== 'swapping' || !isUnsentSwap(active.swap)) return false;
  const { waitsSince } = active.swap;
  return waitsSince !== undefined && now.getTime() - waitsSince.getTime() > mostKeptBackMs;
}
