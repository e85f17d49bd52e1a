import { Unavailable } from '../../ports.ts';
import { retryAtOf } from '../http/retry-after.ts';

/** The source will not give the artefact: a value for the caller, told apart from a source that is down. */
export class Refused extends Error {
  override name = 'Refused';
}

const MOST_REDIRECTS = 3;
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The bytes of an artefact, at most `maxBytes`. Only https (and http on this machine), at most three redirects, no credentials of ours. Throws
 * Refused for what will not change by asking again, Unavailable for what may. Errors name the host alone: the rest of the
 * address may be a signature.
 */
export async function* download(url: string, maxBytes: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { response, host } = await opened(url, signal);
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge(maxBytes);
  }
  let read = 0;
  try {
    for await (const chunk of response.body ?? []) {
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

async function opened(first: string, signal: AbortSignal): Promise<{ response: Response; host: string }> {
  let url = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const { protocol, host, hostname } = addressOf(url);
    // Each hop by the rule of the first: the address may hold a signature.
    if (protocol !== 'https:' && !(protocol === 'http:' && loopback.has(hostname)))
      throw new Refused(`an artefact cannot be fetched by ${protocol} from ${host}; use https`);
    const response = await fetched(url, host, signal);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null)
      return { response: ok(response, host), host };
    await response.body?.cancel();
    if (!URL.canParse(location, url)) throw new Refused(`${host} redirects to what is no URL`);
    url = new URL(location, url).href;
  }
  throw new Refused(`the artefact's address redirects more than ${MOST_REDIRECTS} times`);
}

function addressOf(url: string): URL {
  if (!URL.canParse(url)) throw new Refused("the artefact's address is no URL");
  return new URL(url);
}

async function fetched(url: string, host: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal });
  } catch (error) {
    throw new Unavailable(`${host} does not answer`, { cause: error });
  }
}

function ok(response: Response, host: string): Response {
  if (response.ok) return response;
  const { status } = response;
  if (status >= 500 || status === 408 || status === 429)
    throw new Unavailable(`${host} answers ${status}`, { retryAt: retryAtOf(response.headers.get('retry-after')) });
  throw new Refused(`${host} answers ${status}`);
}
