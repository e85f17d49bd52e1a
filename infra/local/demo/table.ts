import type { DeploymentRecord } from '../../../shared/lane/lane.ts';
import type { Marker } from '../../../shared/lane/words.ts';
import type { Counted, Tally } from './counted.ts';

/** One line of the end: a deployment, or a change that somebody else made. */
export interface Line {
  version: string;
  kind: string;
  deployment: string | null;
  startedAt: string;
  /** Each stage with the seconds it took, in order; of a change by somebody else there are none. */
  stages: { stage: string; seconds: number }[];
  /** Requests to production meanwhile. */
  meanwhile: Tally & { perSecond: number };
  markers: string[];
  verdict: string;
  why: string;
}

export function lineOf(record: DeploymentRecord, markers: readonly Marker[], traffic: Counted): Line {
  return {
    version: record.build.version,
    kind: record.kind,
    deployment: record.id,
    startedAt: record.createdAt.toISOString(),
    stages: stagesOf(record),
    meanwhile: meanwhile(traffic),
    markers: markers
      .filter(({ deployment }) => deployment === record.id)
      .map(({ kind }) => kind)
      .reverse(),
    verdict: record.outcome ?? record.stage,
    why: record.why,
  };
}

/** What somebody else put into production, before us or meanwhile. */
export const externalLine = (marker: Marker, isFirst: boolean, traffic: Counted): Line => ({
  version: marker.version,
  kind: isFirst ? 'was there' : 'by hand',
  deployment: null,
  startedAt: marker.liveAt.toISOString(),
  stages: [],
  meanwhile: meanwhile(traffic),
  markers: [marker.kind],
  verdict: 'adopted',
  why: 'found in production',
});

const meanwhile = ({ served, failed, perSecond }: Counted): Line['meanwhile'] => ({
  served,
  failed,
  perSecond: Math.round(perSecond * 10) / 10,
});

/** A stage lasts until the next begins; the last one has no end. */
function stagesOf({ stages }: DeploymentRecord): Line['stages'] {
  return stages.flatMap(({ stage, at }, index) => {
    const next = stages[index + 1];
    return next === undefined ? [] : [{ stage, seconds: Math.round((next.at.getTime() - at.getTime()) / 100) / 10 }];
  });
}

const COLUMNS = ['version', 'kind', 'stages, in seconds', 'served', 'failed', 'marker', 'verdict'];
const NUMBERS = new Set(['served', 'failed']);

/** The lines as text, columns side by side, with a rule below the head. */
export function tableOf(lines: readonly Line[]): string[] {
  const rows = lines.map(({ version, kind, stages, meanwhile: { served, failed }, markers, verdict }) => [
    version,
    kind,
    stages
      .filter(({ stage, seconds }) => stage !== 'queued' || seconds >= 1)
      .map(({ stage, seconds }) => `${stage} ${seconds.toFixed(1)}`)
      .join(' · ') || '–',
    String(served),
    String(failed),
    markers.join(', ') || '–',
    verdict,
  ]);
  const widths = COLUMNS.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) =>
        NUMBERS.has(COLUMNS[at] ?? '') ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(COLUMNS), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)];
}
