import type { Received } from '../../infra/local/app-service/control/request-log.ts';
import { eventually } from './eventually.ts';
import { type RunningStack, runningStack } from './running-stack.ts';
import type { Save } from './save-seen.ts';
import { type Side, type StorageDoor, storageDoor } from './storage-door.ts';

/** A point at which the service was killed. */
export interface Death {
  life: string;
  at: string;
}

/** A service that is killed (kill -9) at chosen points and started again each time, while the Azure around it goes on. */
export interface MortalService {
  running: RunningStack;
  deaths: Death[];
  /** From now on each boundary is a point of death once, in the order and on the sides `side` says. */
  dieAtSaves(life: string, side: (save: Save) => Side | 'pass'): void;
  /** Kills it while ARM or Kudu holds its next request that matches, which is then carried out all the same. */
  dieWhileHeld(life: string, path: string, what: string): Promise<void>;
  /** ARM or Kudu does what its next request that matches asks, breaks the connection, and the service is killed at that. */
  dieAtReset(life: string, path: string, what: string): Promise<void>;
  liveOn(): void;
  close(): Promise<void>;
}

/** All shrunk together: what is unknown after a death is found out within seconds. The inequalities of the protocol hold. */
const TIMING = {
  functionTimeoutMs: 3_000,
  requestDeadlineMs: 1_500,
  claimMs: 1_500,
  quietMs: 4_600,
  lookGapMs: 200,
  pollFirstMs: 100,
  pollThenMs: 250,
  copyMs: 10_000,
};
/** Shorter than a request is waited for, so that the answer would have come in time had anybody lived to read it. */
const HELD_MS = 700;

export async function mortalService(apps: string): Promise<MortalService> {
  const deaths: Death[] = [];
  let door: StorageDoor | undefined;
  let living: Promise<void> = Promise.resolve();

  const kill = async (): Promise<void> => {
    // It may save before its parent has read that it answers.
    await living;
    await running.stack.host.kill();
    living = running.stack.host.start();
  };
  const running = await runningStack(apps, {
    lockSeconds: 2,
    timing: TIMING,
    settings: async (storage) => {
      door = await storageDoor(storage, kill);
      return { Storage: door.connectionString };
    },
  });

  /** The fault of calls that is armed, once a call has met it. */
  const met = async (path: string, fault: object): Promise<void> => {
    const before = (await running.received()).length;
    await running.siteFault({ match: { path }, ...fault });
    const find = async (): Promise<Received | undefined> =>
      (await running.received()).slice(before).find((call) => call.fault !== null);
    await eventually(`a call to ${path}`, 60_000, find, (call) => call !== undefined);
  };
  return {
    running,
    deaths,
    dieAtSaves(life, side) {
      const known = new Set(deaths.filter((death) => death.life === life).map(({ at }) => at));
      door?.onSave((save) => {
        const chosen = side(save);
        const at = `${chosen} the save: ${save.boundary}`;
        if (chosen === 'pass' || known.has(at)) return 'pass';
        known.add(at);
        deaths.push({ life, at });
        return chosen;
      });
    },
    async dieWhileHeld(life, path, what) {
      await met(path, { fault: 'delay', delayMs: HELD_MS });
      await kill();
      deaths.push({ life, at: `while the request is held: ${what}` });
    },
    async dieAtReset(life, path, what) {
      await met(path, { fault: 'reset-after' });
      await kill();
      deaths.push({ life, at: `done, and the connection broke: ${what}` });
    },
    liveOn() {
      door?.onSave(() => 'pass');
    },
    async close() {
      await living.catch(() => undefined);
      await running.close();
      await door?.close();
    },
  };
}
