import type { IncomingMessage } from 'node:http';
import { Unavailable } from '../../ports.ts';
import { guardedRequest } from '../http/guarded-request.ts';
import { ForbiddenAddress, type Network } from '../http/public-network.ts';
import { retryAtOf } from '../http/retry-after.ts';

/** The source will not give the artefact: a value for the caller, told apart from a source that is down. */
export class Refused extends Error {
  override name = 'Refused';
}

const MOST_REDIRECTS = 3;
/** The digest is that of the bytes as they were made; some sources give nothing to a caller without a name. */
const headers = { 'accept-encoding': 'identity', 'user-agent': 'warmswap' };

/**
 * The bytes of an artefact, at most `maxBytes`, from an address the network allows: by https (and http on this machine), over at
 * most three redirects, each judged like the first, with no credentials of ours. Throws Refused for what will not change by asking
 * again, Unavailable for what may. Errors name the host alone: the rest of the address may be a signature.
 */
export async function* download(
  network: Network,
  url: string,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { response, host } = await opened(network, url, signal);
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    response.destroy();
    throw tooLarge(maxBytes);
  }
  let read = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      read += chunk.length;
      if (read > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Unavailable(`${host} stopped in the middle of the artefact`, { cause: error });
  }
}

const tooLarge = (maxBytes: number): Refused => new Refused(`the artefact is larger than ${maxBytes} bytes`);

async function opened(
  network: Network,
  first: string,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; host: string }> {
  if (!URL.canParse(first)) throw new Refused("the artefact's address is no URL");
  let url = new URL(first);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const { host } = url;
    const response = await fetched(network, url, signal);
    const { location } = response.headers;
    const { statusCode: status = 0 } = response;
    if (status < 300 || status > 399 || location === undefined) return { response: ok(response, host), host };
    response.destroy();
    if (!URL.canParse(location, url.href)) throw new Refused(`${host} redirects to what is no URL`);
    url = new URL(location, url.href);
  }
  throw new Refused(`the artefact's address redirects more than ${MOST_REDIRECTS} times`);
}

async function fetched(network: Network, url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  try {
    return await guardedRequest(network, { url, headers, signal });
  } catch (error) {
    if (error instanceof ForbiddenAddress) throw new Refused(`the artefact cannot be fetched: ${error.message}`);
    throw new Unavailable(`${url.host} does not answer`, { cause: error });
  }
}

function ok(response: IncomingMessage, host: string): IncomingMessage {
  const { statusCode: status = 0, headers } = response;
  const encoding = headers['content-encoding'] ?? 'identity';
  if (status >= 200 && status < 300 && encoding === 'identity') return response;
  response.destroy();
  if (status >= 200 && status < 300)
    throw new Refused(`${host} gives the artefact encoded as ${encoding.slice(0, 20)}`);
  if (status >= 500 || status === 408 || status === 429)
    throw new Unavailable(`${host} answers ${status}`, { retryAt: retryAtOf(headers['retry-after']) });
  throw new Refused(`${host} answers ${status}`);
}
