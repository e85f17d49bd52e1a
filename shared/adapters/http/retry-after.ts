/** `Retry-After` in seconds or as a date; undefined where there is none that can be read. */
export function retryAtOf(header: string | null | undefined): Date | undefined {
  if (header === null || header === undefined || header === '') return undefined;
  const seconds = Number(header);
  const at = Number.isFinite(seconds) ? Date.now() + seconds * 1000 : Date.parse(header);
  return Number.isNaN(at) ? undefined : new Date(at);
}
