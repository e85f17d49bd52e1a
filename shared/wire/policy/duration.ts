import * as v from 'valibot';

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const DURATION = /^(\d{1,6})(ms|s|m|h)$/;

/** Milliseconds of `500ms`, `20s`, `15m`, `2h`; null for any other text. */
export function millisecondsOf(text: string): number | null {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  const factor = UNITS[unit ?? ''];
  return amount === undefined || factor === undefined ? null : Number(amount) * factor;
}

/** A duration as text, read as milliseconds. */
export const duration = (least: string, most: string) =>
  v.pipe(
    v.string(),
    v.regex(DURATION, 'must be a duration such as 500ms, 20s, 15m or 2h'),
    v.transform((text) => millisecondsOf(text) ?? Number.NaN),
    v.minValue(millisecondsOf(least) ?? 0, `must be at least ${least}`),
    v.maxValue(millisecondsOf(most) ?? 0, `must be at most ${most}`),
  );
