import type { ErrorReport } from '../../correlation/words.ts';
import { type Decoded, decoded, refused } from '../decode.ts';
import { MESSAGE_LIMITS, readJson, textToKeep, unwalked } from '../json.ts';
import { readReport } from './report.ts';

/** What one `io.warmswap.error.reported` event carried: the good reports, and what was wrong with the others. */
export interface ReportedErrors {
  /** Counts are keyed by these: they must be the same however often the event comes. */
  event: { source: string; id: string };
  reports: ErrorReport[];
  /** `index`: in the event's list of reports. `raw`: an event with that report alone, as text: stored, and sent again as it is. */
  faults: { index: number; why: string; raw: string }[];
}

/** Fields are picked by name, and nothing is walked that was not asked for. */
const LIMITS = unwalked(MESSAGE_LIMITS.bytes);
const MOST_REPORTS = 10_000;

/**
 * Reads one message: an event, or a CloudEvents batch (a list of events), each of which stands for itself. A report, or an
 * event of a batch, that cannot be read never loses the others.
 */
export function decodeErrorMessage(raw: unknown): Decoded<ReportedErrors>[] {
  const json = readJson(raw, LIMITS);
  if (!json.ok) return [json];
  if (!Array.isArray(json.value)) return [readEvent(json.value)];
  if (json.value.length === 0) return [refused('the whole: an empty list; send at least one event')];
  return json.value.map(readEvent);
}

function readEvent(raw: unknown): Decoded<ReportedErrors> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return refused('the whole: expected an event');
  const event = raw as Record<string, unknown>;
  const faults = [
    ...(event.specversion === '1.0' ? [] : ['specversion: expected "1.0"']),
    ...(event.type === 'io.warmswap.error.reported' ? [] : ['type: expected "io.warmswap.error.reported"']),
    ...(isName(event.source) ? [] : ['source: expected text of 1–500 characters']),
    ...(isName(event.id) ? [] : ['id: expected text of 1–500 characters']),
  ];
  const data = listOf(event.data);
  if (data === null) faults.push('data: expected a report or a list of reports');
  else if (data.length === 0) faults.push('data: is an empty list; send at least one report');
  else if (data.length > MOST_REPORTS) faults.push(`data: more than ${MOST_REPORTS} reports; send fewer at once`);
  if (faults.length > 0 || data === null || !isName(event.source) || !isName(event.id)) {
    return refused(faults.join('; '));
  }
  const read: ReportedErrors = { event: { source: event.source, id: event.id }, reports: [], faults: [] };
  for (let index = 0; index < data.length; index += 1) {
    const report = readReport(data[index]);
    if (report.ok) read.reports.push(report.value);
    else read.faults.push({ index, why: report.why, raw: alone(read.event, index, data[index]) });
  }
  return decoded(read);
}

/** Under an id of its own, so that it never rewrites the counts of the reports it came with. */
function alone({ source, id }: ReportedErrors['event'], index: number, report: unknown): string {
  const event = { specversion: '1.0', type: 'io.warmswap.error.reported', source, id: `${id}~${index}`, data: report };
  return textToKeep(event).text;
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= 500;

function listOf(data: unknown): unknown[] | null {
  if (typeof data === 'string') {
    const json = readJson(data, LIMITS);
    return json.ok && typeof json.value !== 'string' ? listOf(json.value) : null;
  }
  if (typeof data !== 'object' || data === null) return null;
  return Array.isArray(data) ? data : [data];
}
