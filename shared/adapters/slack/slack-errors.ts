import { ErrorCode } from '@slack/web-api';
import { Unavailable } from '../../ports.ts';

/** Slack's errors that pass by themselves; every other one stays until somebody changes something. */
const PASSING = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'ratelimited']);
/** Where Slack does not say how long to wait. */
const PATIENCE_MS = 30_000;

/** What the client throws, by its `code`. */
interface SlackError {
  code?: string;
  data?: { error?: string };
  statusCode?: number;
  retryAfter?: number;
}

/** Slack's own word for a refusal that asking again will not change; null: it will pass. */
export function lastingRefusal(error: unknown): string | null {
  const { code, data, statusCode = 0 } = (error ?? {}) as SlackError;
  if (code === ErrorCode.PlatformError && data?.error !== undefined && !PASSING.has(data.error)) return data.error;
  if (code === ErrorCode.HTTPError && statusCode >= 400 && statusCode < 500 && statusCode !== 408)
    return `Slack answers ${statusCode}`;
  return null;
}

/** Everything else: an outage, or a request for patience. */
export function unavailable(what: string, error: unknown): Unavailable {
  return new Unavailable(what, { cause: error, retryAt: retryAtOf(error) });
}

function retryAtOf(error: unknown): Date | undefined {
  const { code, retryAfter } = (error ?? {}) as SlackError;
  if (code !== ErrorCode.RateLimitedError) return undefined;
  return new Date(Date.now() + (retryAfter === undefined ? PATIENCE_MS : retryAfter * 1000));
}
