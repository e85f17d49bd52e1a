import type { WebSiteManagementClientOptionalParams } from '@azure/arm-appservice';
import { LastingFailure, Unavailable } from '../../ports.ts';
import { retryAtOf } from '../http/retry-after.ts';

export type Policy = NonNullable<WebSiteManagementClientOptionalParams['additionalPolicies']>[number]['policy'];

interface ProviderBody {
  Code?: unknown;
  Message?: unknown;
  Details?: { ErrorEntity?: { ExtendedCode?: unknown } }[];
  error?: unknown;
}

/**
 * App Service answers errors as `{"Code","Message",…}`, which the client does not read: it would say "Unexpected status code:
 * 409" and drop the rest, and fail with a TypeError on an empty body. Every error is put into ARM's own shape.
 */
export const normalised: Policy = {
  name: 'warmswap-app-service-errors',
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status < 400) return response;
    const body = parsed(response.bodyAsText);
    if (body.error !== undefined) return response;
    const code = String(body.Code ?? `HTTP ${response.status}`);
    const message = String(body.Message ?? (response.bodyAsText || `HTTP ${response.status} without a reason`));
    const extended = body.Details?.find((detail) => detail?.ErrorEntity?.ExtendedCode !== undefined)?.ErrorEntity;
    const details = extended === undefined ? [] : [{ code: String(extended.ExtendedCode), message }];
    response.bodyAsText = JSON.stringify({ error: { code, message, details } });
    response.headers.set('content-type', 'application/json');
    return response;
  },
};

function parsed(text: string | null | undefined): ProviderBody {
  try {
    const body: unknown = JSON.parse(text ?? '');
    return typeof body === 'object' && body !== null ? (body as ProviderBody) : {};
  } catch {
    return {};
  }
}

/** What the clients throw, as far as we look at it: they export no class to tell it by. */
interface Thrown {
  statusCode?: number | string;
  code?: string;
  message: string;
  response?: { headers?: { get(name: string): string | undefined } };
}

/** The HTTP status an error of the client stands for; null where there was no answer. */
export function statusOf(error: unknown): number | null {
  const status = Number((error as Thrown | null)?.statusCode);
  return Number.isInteger(status) && status > 0 ? status : null;
}

/** For reads: what is forbidden or not there stays so; everything else may be better next time. */
export function translated(what: string, error: unknown): Error {
  if (error instanceof Unavailable || error instanceof LastingFailure) return error;
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (status === 401 || status === 403 || status === 404)
    return new LastingFailure(`${what}: ${status} ${message}`, { cause: error });
  const header = (error as Thrown | null)?.response?.headers?.get('retry-after');
  return new Unavailable(`${what}: ${status ?? 'no answer'} ${message}`, { cause: error, retryAt: retryAtOf(header) });
}
