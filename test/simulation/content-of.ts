import { fromRow, type Row } from '../../shared/adapters/tables/row.ts';

/** The content of a row, as `fromRow` reads it, but in place: the laws read every row that is written, which is most of what a life costs. */
export function contentOf<Content>(row: Row): Content {
  const { state, state2 } = row;
  if (typeof state !== 'string' || state2 !== undefined || state.includes('"$$')) return fromRow<Content>(row);
  return revived(JSON.parse(state)) as Content;
}

function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$date' in value && typeof value.$date === 'string') return new Date(value.$date);
  const parts = value as Record<string, unknown>;
  for (const key of Object.keys(parts)) parts[key] = revived(parts[key]);
  return value;
}
