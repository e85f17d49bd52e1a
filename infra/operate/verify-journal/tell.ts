import { headText } from '../../../shared/adapters/tables/journal-check.ts';
import type { Verdict } from './verify.ts';

/** One line for a lane. */
export function lineOf({ lane, entries, head, fault }: Verdict): string {
  const journal = `${lane}  ${entries} ${entries === 1 ? 'entry' : 'entries'}  head ${headText(head)}`;
  if (fault === null) return `${journal}  ok`;
  const where = fault.seq === null ? '' : ` at entry ${fault.seq}`;
  return `${journal}  BROKEN${where}: ${fault.what}: ${fault.why}`;
}

export function summaryOf(verdicts: readonly Verdict[]): string {
  const broken = verdicts.filter(({ fault }) => fault !== null).length;
  const lanes = `${verdicts.length} ${verdicts.length === 1 ? 'lane' : 'lanes'}`;
  if (verdicts.length === 0) return 'no lane was ever written';
  return broken === 0 ? `${lanes}, every journal is whole` : `${lanes}, ${broken} with a broken journal`;
}
