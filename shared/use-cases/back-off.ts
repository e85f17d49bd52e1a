/** Grows from one second to a minute. */
export function backOffMs(attempt: number): number {
  return Math.min(60_000, 1_000 * 2 ** Math.min(attempt - 1, 6));
}
