import type { IncomingMessage } from 'node:http';
import { type Message, type Responder, Unavailable } from '../../ports.ts';
import { guardedRequest } from '../http/guarded-request.ts';
import { ForbiddenAddress, type Network } from '../http/public-network.ts';

const RESPOND_WITHIN_MS = 10_000;

/**
 * Answers where Slack asked to be answered. The address is all it takes: no token, and not Slack's library. `network`: where such an
 * answer may be sent.
 */
export const responder = (network: Network): Responder => ({
  respond: (to, message) => respond(network, to, message),
});

/** A response address is good for half an hour and five answers; afterwards it is gone, and that is no fault. */
async function respond(
  network: Network,
  to: string,
  { text, blocks }: Message,
): Promise<{ posted: true } | { posted: false; because: string }> {
  const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, text, blocks });
  const headers = { 'content-type': 'application/json' };
  if (!URL.canParse(to)) return { posted: false, because: 'the address to answer at is no URL' };
  let answer: IncomingMessage;
  try {
    const signal = AbortSignal.timeout(RESPOND_WITHIN_MS);
    answer = await guardedRequest(network, { method: 'POST', url: new URL(to), headers, body, signal });
  } catch (error) {
    if (error instanceof ForbiddenAddress) return { posted: false, because: error.message };
    throw new Unavailable('Slack does not take an answer now', { cause: error });
  }
  answer.destroy();
  const { statusCode: status = 0 } = answer;
  if (status >= 200 && status < 300) return { posted: true };
  if (status === 429 || status >= 500) throw new Unavailable(`Slack answers ${status}`);
  return { posted: false, because: `Slack answers ${status}` };
}
