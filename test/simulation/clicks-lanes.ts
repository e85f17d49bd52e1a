import type { BuildRow, Seen } from '../../shared/lane/effect.ts';
import { type DeploymentRecord, emptyLane } from '../../shared/lane/lane.ts';
import { type LaneChange, type LaneStore, LostRace, type StoredLane } from '../../shared/ports.ts';

/** These rows keep no journal. */
const journal = { seq: 0, hash: '' };

/** The process ended in the middle of its work. */
export class Died extends Error {
  override name = 'Died';
}

/** The rows of one lane, without the tables' own ways: those have their contract; here ten thousand lives are lived in seconds. */
export class ClicksLanes {
  stored: StoredLane | null = null;
  readonly seen = new Map<string, Seen>();
  readonly records = new Map<string, DeploymentRecord>();
  readonly builds = new Map<string, BuildRow>();
  /** Told of each change before it is written. */
  saving: (before: StoredLane, change: LaneChange) => void = () => {};
  /** The save at which the process ends, counted down, and whether it was written. */
  dies: { saves: number; written: boolean } | null = null;
  /** How often the process ended. */
  deaths = 0;
  #etags = 0;

  readonly port: LaneStore = {
    load: async (lane) => this.stored ?? { lane: emptyLane(lane), pending: [], etag: null, journal, traces: {} },
    save: async (stored, change) => this.#save(stored, change),
    seen: async (_lane, input) => this.seen.get(input) ?? null,
    build: async (_lane, build) => this.builds.get(build) ?? null,
    deployment: async (_lane, id) => this.records.get(id) ?? null,
    deployments: async () => [...this.records.values()].reverse(),
    journal: async () => [],
    overdue: async () => [],
    known: async () => [],
    forgetSeen: async () => 0,
  };

  #save(stored: StoredLane, change: LaneChange): StoredLane {
    const fate = this.#fate();
    if (fate === 'dies before it is written') throw new Died();
    if ((this.stored?.etag ?? null) !== stored.etag) throw new LostRace('the lane was changed by somebody else');
    this.saving(stored, change);
    const gone = new Set([...change.settled, ...change.effects.map(({ seq }) => seq)]);
    const added = change.effects.filter(({ seq }) => !change.settled.includes(seq));
    const pending = [...stored.pending.filter(({ seq }) => !gone.has(seq)), ...added].sort((a, b) => a.seq - b.seq);
    this.#etags += 1;
    this.stored = { lane: change.lane, pending, etag: String(this.#etags), journal, traces: change.traces };
    for (const seen of change.seen) this.seen.set(seen.input, seen);
    for (const record of change.records) this.records.set(record.id, record);
    for (const row of change.builds) this.builds.set(row.build.id, row);
    if (fate === 'dies after it was written') throw new Died();
    return this.stored;
  }

  #fate(): 'lives' | 'dies before it is written' | 'dies after it was written' {
    if (this.dies === null) return 'lives';
    this.dies.saves -= 1;
    if (this.dies.saves > 0) return 'lives';
    const { written } = this.dies;
    this.dies = null;
    this.deaths += 1;
    return written ? 'dies after it was written' : 'dies before it is written';
  }
}
