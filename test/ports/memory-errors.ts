import { earliest, latest } from '../../shared/correlation/instants.ts';
import type { CompactedSum } from '../../shared/correlation/sum.ts';
import type { ErrorDelta } from '../../shared/correlation/words.ts';
import type { Fingerprint, LaneId, Marker } from '../../shared/lane/words.ts';
import { type ErrorGroup, type ErrorStore, LostRace, type MarkerStore, type StoredGroup } from '../../shared/ports.ts';

/** What a table takes in one transaction and gives in one page. */
const TRANSACTION = 100;
const PAGE = 1_000;
const transactions = (rows: number): number => Math.ceil(rows / TRANSACTION);
const pages = (rows: number): number => Math.max(1, Math.ceil(rows / PAGE));

const partitionOf = ({ lane, version }: Pick<ErrorDelta, 'lane' | 'version'>): string =>
  JSON.stringify([lane, version]);
const rowOf = (delta: ErrorDelta): string =>
  JSON.stringify([partitionOf(delta), delta.minute.getTime(), delta.fingerprint, delta.batch]);
const sumOf = (delta: ErrorDelta): string => JSON.stringify([partitionOf(delta), delta.fingerprint]);
const groupKey = (lane: LaneId, fingerprint: Fingerprint): string => JSON.stringify([lane, fingerprint]);

/**
 * A working ErrorStore in memory, with the rules of the one on tables: upserts by key, groups under ETags, compaction that moves
 * deltas into sums. `requests` counts what the tables would have been asked.
 */
export class MemoryErrorStore implements ErrorStore {
  requests = 0;
  readonly #deltas = new Map<string, ErrorDelta>();
  readonly #sums = new Map<string, CompactedSum>();
  readonly #groups = new Map<string, StoredGroup>();
  #etags = 0;

  async append(deltas: ErrorDelta[]): Promise<void> {
    const partitions = new Map<string, number>();
    for (const delta of deltas) {
      partitions.set(partitionOf(delta), (partitions.get(partitionOf(delta)) ?? 0) + 1);
      this.#deltas.set(rowOf(delta), frozen(structuredClone(delta)));
    }
    for (const rows of partitions.values()) this.requests += transactions(rows);
  }

  async deltas(lane: LaneId, from: Date): Promise<ErrorDelta[]> {
    const found = [...this.#deltas.values()].filter((delta) => delta.lane === lane && delta.minute >= from);
    this.requests += pages(found.length);
    return found;
  }

  async sums(lane: LaneId): Promise<CompactedSum[]> {
    const found = [...this.#sums.values()].filter((sum) => sum.lane === lane);
    this.requests += pages(found.length);
    return structuredClone(found);
  }

  async groups(lane: LaneId): Promise<StoredGroup[]> {
    const found = [...this.#groups.values()].filter(({ group }) => group.lane === lane);
    this.requests += pages(found.length);
    return structuredClone(found);
  }

  async group(lane: LaneId, fingerprint: Fingerprint): Promise<StoredGroup | null> {
    this.requests += 1;
    return structuredClone(this.#groups.get(groupKey(lane, fingerprint)) ?? null);
  }

  async saveGroups(lane: LaneId, groups: { group: ErrorGroup; etag: string | null }[]): Promise<void> {
    for (let from = 0; from < groups.length; from += TRANSACTION) {
      const chunk = groups.slice(from, from + TRANSACTION);
      this.requests += 1;
      const lost = chunk.find(
        ({ group, etag }) => (this.#groups.get(groupKey(lane, group.fingerprint))?.etag ?? null) !== etag,
      );
      if (lost !== undefined) throw new LostRace(`error group ${lost.group.fingerprint} of ${lane} was changed`);
      for (const { group } of chunk) {
        this.#etags += 1;
        this.#groups.set(groupKey(lane, group.fingerprint), structuredClone({ group, etag: `e${this.#etags}` }));
      }
    }
  }

  async compact(lane: LaneId, before: Date): Promise<{ deleted: number }> {
    const old = [...this.#deltas.values()].filter((delta) => delta.lane === lane && delta.minute < before);
    this.requests += 2 * pages(old.length) + transactions(old.length);
    // As they were when it began: minutes summed in this very run are not late to it.
    const through = new Map([...this.#sums].map(([key, { countedThrough }]) => [key, countedThrough]));
    for (const delta of old.sort((a, b) => a.minute.getTime() - b.minute.getTime())) {
      const counted = through.get(sumOf(delta));
      const isLate = counted !== undefined && delta.minute <= counted;
      this.#sums.set(sumOf(delta), moved(this.#sums.get(sumOf(delta)) ?? null, delta, isLate));
      this.#deltas.delete(rowOf(delta));
    }
    return { deleted: old.length };
  }

  async lanesWithDeltas(): Promise<LaneId[]> {
    this.requests += 1;
    return [...new Set([...this.#deltas.values()].map(({ lane }) => lane))];
  }
}

/** To the last of its parts: what is read again and again is handed out as it is, and nobody can change it. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

function moved(sum: CompactedSum | null, delta: ErrorDelta, isLate: boolean): CompactedSum {
  const { lane, version, fingerprint, sample, minute, firstAt, lastAt } = delta;
  const known = sum ?? {
    lane,
    version,
    fingerprint,
    sample,
    count: 0,
    late: 0,
    firstAt,
    lastAt,
    countedThrough: minute,
  };
  return {
    ...known,
    count: known.count + (isLate ? 0 : delta.count),
    late: known.late + (isLate ? delta.count : 0),
    firstAt: earliest(firstAt, known.firstAt),
    lastAt: latest(lastAt, known.lastAt),
    countedThrough: latest(minute, known.countedThrough),
  };
}

/** A working MarkerStore in memory. */
export class MemoryMarkerStore implements MarkerStore {
  requests = 0;
  readonly #markers = new Map<string, Marker>();

  async put(marker: Marker): Promise<void> {
    this.requests += 1;
    this.#markers.set(JSON.stringify([marker.lane, marker.id]), structuredClone(marker));
  }

  async get(lane: LaneId, id: string): Promise<Marker | null> {
    this.requests += 1;
    return structuredClone(this.#markers.get(JSON.stringify([lane, id])) ?? null);
  }

  async list(lane: LaneId, most: number): Promise<Marker[]> {
    const found = [...this.#markers.values()]
      .filter((marker) => marker.lane === lane)
      .sort((a, b) => b.liveAt.getTime() - a.liveAt.getTime() || (a.id < b.id ? -1 : 1))
      .slice(0, most);
    this.requests += pages(found.length);
    return structuredClone(found);
  }

  async inForceAt(lane: LaneId, at: Date): Promise<Marker | null> {
    const kinds = new Set(['deploy', 'rollback', 'external']);
    const newestFirst = await this.list(lane, Number.MAX_SAFE_INTEGER);
    return newestFirst.find(({ kind, liveAt }) => kinds.has(kind) && liveAt <= at) ?? null;
  }
}
