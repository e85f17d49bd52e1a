/** One measured number beside what it is held against. */
export interface Line {
  what: string;
  measured: string;
  against: string;
  /** Null: nothing is asked of it. */
  kept: boolean | null;
  target: string;
}

/** The lines as a table for people. */
export function tableOf(lines: Line[]): string {
  const rows = [
    ['', 'measured', 'against', 'target', ''],
    ...lines.map(({ what, measured, against, target, kept }) => [
      what,
      measured,
      against,
      target,
      kept === null ? '' : kept ? 'kept' : 'MISSED',
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
