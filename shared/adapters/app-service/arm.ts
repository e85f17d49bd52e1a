import { createWebSiteManagement, type WebSiteManagementContext } from '@azure/arm-appservice/api';
import { Unavailable } from '../../ports.ts';
import type { Trace } from '../../trace.ts';
import { retryAtOf } from '../http/retry-after.ts';
import { normalised, type Policy } from './arm-errors.ts';
import type { KeptToken } from './token.ts';

/**
 * Two clients per subscription: what reads may be tried again, what acts never. An operation is a function of its own that is given the
 * client: the SDK's client class would bring every operation of App Service into the bundle, of which a dozen are used.
 */
export interface Arm {
  reads: WebSiteManagementContext;
  acts: WebSiteManagementContext;
}

/** All tries of one read end by then. */
export const READ_DEADLINE_MS = 15_000;

/** The clients of each subscription, built when it is first asked for. */
export function openArm(
  endpoint: string,
  token: KeptToken,
  trace: () => Trace | null,
): (subscriptionId: string) => Arm {
  const opened = new Map<string, Arm>();
  const client = (subscriptionId: string, maxRetries: number, policies: Policy[]): WebSiteManagementContext =>
    createWebSiteManagement(token, subscriptionId, {
      endpoint,
      retryOptions: { maxRetries, retryDelayInMs: 300, maxRetryDelayInMs: 2_000 },
      additionalPolicies: policies.map((policy) => ({ policy, position: 'perRetry' as const })),
    });
  return (subscriptionId) => {
    const arm = opened.get(subscriptionId) ?? {
      reads: client(subscriptionId, 2, [normalised, impatient, tracedBy(trace)]),
      // The client would send a swap again after 408, 5xx or a broken connection, and a second swap undoes the first.
      acts: client(subscriptionId, 0, [normalised, tracedBy(trace)]),
    };
    opened.set(subscriptionId, arm);
    return arm;
  };
}

/** ARM records it beside `x-ms-client-request-id`, which stays the intent's. */
const tracedBy = (trace: () => Trace | null): Policy => ({
  name: 'warmswap-traced',
  sendRequest(request, next) {
    const now = trace();
    if (now !== null) request.headers.set('traceparent', now.traceparent);
    return next(request);
  },
});

/** Asked to wait, a read ends at once and says until when: asking again early renews the wait, and waiting is the shell's. */
const impatient: Policy = {
  name: 'warmswap-throttled',
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status === 429)
      throw new Unavailable('ARM asks for patience', { retryAt: retryAtOf(response.headers.get('retry-after')) });
    return response;
  },
};
