import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CompactedSum } from '../../correlation/sum.ts';
import type { ErrorDelta } from '../../correlation/words.ts';
import type { Fingerprint, LaneId, Version } from '../../lane/words.ts';
import { encodeKey, minuteKey } from './key.ts';
import { fromRow, type Row, toRow } from './row.ts';

/** All partitions of a lane in `ErrorDeltas` begin with this: one per version as reported. */
export const partitionsOf = (lane: LaneId): string => `${encodeKey(lane)}!`;

/** `v!` before a version: one that is called "none" is not the lack of one. */
const partitionOf = (lane: LaneId, version: Version | null): string =>
  `${partitionsOf(lane)}${version === null ? 'none' : `v!${encodeKey(version)}`}`;

/** Deltas begin with their minute, a digit; sums do not. */
export const SUMS = 'sum!';

/** A sample has at most 4 KiB: so many fit into one row however little they can be packed, and their sums into one transaction with it. */
const MOST_IN_ROW = 80;

/** What a row of deltas holds: they differ in this alone. */
type Counted = Pick<ErrorDelta, 'fingerprint' | 'count' | 'firstAt' | 'lastAt' | 'sample'>;
type DeltaRow = Pick<ErrorDelta, 'lane' | 'version' | 'minute' | 'batch'> & { counted: Counted[] };

/**
 * The deltas as rows: what one message says of a lane, version and minute is one row, since a table is paid and throttled by the row.
 * The same message makes the same rows, however it is delivered again or regrouped: it rewrites its own. They are packed, to a tenth of
 * their size: stack traces repeat themselves, and each row is read again by every fold of its day.
 */
export function deltaRows(deltas: ErrorDelta[]): Row[] {
  const rows = new Map<string, { key: [string, string]; row: DeltaRow; counted: Map<Fingerprint, Counted> }>();
  for (const delta of deltas) {
    const { lane, version, minute, batch, ...rest } = delta;
    const key: [string, string] = [partitionOf(lane, version), `${minuteKey(minute)}!${encodeKey(batch)}`];
    const id = key.join('/');
    const known = rows.get(id) ?? { key, row: { lane, version, minute, batch, counted: [] }, counted: new Map() };
    rows.set(id, known);
    const { fingerprint } = rest;
    const before = known.counted.get(fingerprint);
    known.counted.set(fingerprint, before === undefined ? rest : merged(before, rest));
  }
  return [...rows.values()].flatMap(({ key: [partitionKey, rowKey], row, counted }) => {
    const all = [...counted.values()];
    const parts = Array.from({ length: Math.ceil(all.length / MOST_IN_ROW) }, (_, part) =>
      all.slice(part * MOST_IN_ROW, (part + 1) * MOST_IN_ROW),
    );
    return parts.map((part, index) =>
      toRow(partitionKey, index === 0 ? rowKey : `${rowKey}!${index}`, packed({ ...row, counted: part })),
    );
  });
}

/** The deltas `deltaRows` was given. */
export function deltasIn(row: Row): ErrorDelta[] {
  const { counted, ...shared } = unpacked(fromRow<string>(row));
  return counted.map((one) => ({ ...shared, ...one }));
}

/** Instants as milliseconds: the only dates are here, so that nothing else has to be looked through for them. */
function packed({ minute, counted, ...row }: DeltaRow): string {
  const times = counted.map(({ firstAt, lastAt, sample, ...one }) => ({
    ...one,
    times: [firstAt.getTime(), lastAt.getTime(), sample.occurredAt.getTime()],
    sample: { ...sample, occurredAt: undefined },
  }));
  const text = JSON.stringify({ ...row, minute: minute.getTime(), counted: times });
  return deflateRawSync(text, { level: 1 }).toString('base64');
}

type Packed = Omit<DeltaRow, 'minute' | 'counted'> & {
  minute: number;
  counted: (Pick<Counted, 'fingerprint' | 'count'> & {
    times: [number, number, number];
    sample: Omit<Counted['sample'], 'occurredAt'>;
  })[];
};

function unpacked(text: string): DeltaRow {
  const { minute, counted, ...row } = JSON.parse(
    inflateRawSync(Buffer.from(text, 'base64')).toString('utf8'),
  ) as Packed;
  return {
    ...row,
    minute: new Date(minute),
    counted: counted.map(({ times: [firstAt, lastAt, occurredAt], sample, ...one }) => ({
      ...one,
      firstAt: new Date(firstAt),
      lastAt: new Date(lastAt),
      sample: { ...sample, occurredAt: new Date(occurredAt) },
    })),
  };
}

export const sumRow = (sum: CompactedSum): Row =>
  toRow(partitionOf(sum.lane, sum.version), `${SUMS}${encodeKey(sum.fingerprint)}`, sum);

/** Equal deltas out of one call are parts of one message: the second alone would lose the first. */
function merged(a: Counted, b: Counted): Counted {
  return {
    ...a,
    count: a.count + b.count,
    firstAt: new Date(Math.min(a.firstAt.getTime(), b.firstAt.getTime())),
    lastAt: new Date(Math.max(a.lastAt.getTime(), b.lastAt.getTime())),
  };
}
