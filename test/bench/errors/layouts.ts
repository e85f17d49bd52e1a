import { laneOf } from '../apps-file.ts';
import type { RunningApp } from './azure.ts';
import { countedByPeer, declarePeer } from './peer-tables.ts';
import { APPS } from './reports.ts';

/** A way to keep errors in tables: an app that does it, and how to see what it has counted. */
export interface Layout {
  name: string;
  appDir: string;
  prepare(storage: string): Promise<void>;
  /** The timer that counts what was appended; null where each report is counted at once. */
  timer: string | null;
  /** The number of reports in all groups. */
  counted(app: RunningApp, storage: string): Promise<number>;
}

export const ours: Layout = {
  name: 'appended and folded',
  appDir: 'dist/app',
  prepare: async () => undefined,
  timer: 'fold',
  async counted(app) {
    const lanes = await Promise.all(
      Array.from({ length: APPS }, (_, index) => app.ask(`/api/v1/error-groups?lane=${laneOf(index)}`)),
    );
    return lanes
      .flatMap((lane) => (lane as { errorGroups: { total: number }[] }).errorGroups)
      .reduce((sum, { total }) => sum + total, 0);
  },
};

export const peer: Layout = {
  name: 'one at a time',
  appDir: 'dist/bench/one-at-a-time',
  prepare: declarePeer,
  timer: null,
  counted: (_, storage) => countedByPeer(storage),
};
