import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, type Counted, count } from './counted.ts';

/** A client of the web app: so many requests a second, every other one on a connection of its own. */
export interface Traffic {
  /** All that has ended. */
  answered: readonly Answered[];
  /** The requests that began in this time, once the last of them has ended. */
  between(from: Date, to: Date): Promise<Counted>;
  /** The last two seconds, of what has ended. */
  lately(): Counted;
  /** Sends no more, and waits for those under way. */
  stop(): Promise<void>;
}

/** No answer by then is a failed request. */
const TIMEOUT_MS = 5_000;
const TICK_MS = 10;

/** What a person sees, and what they buy; the answer must be what it should be, not merely a 200. */
const PAGES = [
  { path: '/', holds: 'Storefront' },
  { path: '/api/quote', holds: '"price":42' },
];

/** Begins at once. Nothing is sent again: a connection that breaks under a request is a failed request. */
export function startTraffic(origin: string, perSecond: number): Traffic {
  const answered: Answered[] = [];
  const underWay = new Set<Promise<void>>();
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const beganAt = Date.now();
  const startedAt = performance.now();
  let sent = 0;

  const send = (): void => {
    const kept = sent % 2 === 0;
    // Pages change every second request, so that each is fetched on both kinds of connection.
    const page = PAGES[Math.floor(sent / 2) % PAGES.length];
    sent += 1;
    if (page === undefined) return;
    const one = request(new URL(page.path, origin), page.holds, kept ? agent : false).then((answer) => {
      answered.push({ ...answer, kept });
      underWay.delete(one);
    });
    underWay.add(one);
  };
  // What a late tick missed is sent by the next one: the rate is kept, however busy the machine is.
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1_000);
    while (sent < due) send();
  }, TICK_MS);

  const allEnded = async (): Promise<void> => {
    await Promise.all([...underWay]);
  };
  return {
    answered,
    async between(from, to) {
      const wait = to.getTime() - Date.now();
      if (wait > 0) await sleep(wait);
      await allEnded();
      return count(answered, from.getTime(), to.getTime());
    },
    lately: () => count(answered, Math.max(beganAt, Date.now() - 2_000), Date.now()),
    async stop() {
      clearInterval(timer);
      await allEnded();
      agent.destroy();
    },
  };
}

/** Never rejects. `agent` false: a new connection, closed afterwards. */
function request(url: URL, holds: string, agent: Agent | false): Promise<Omit<Answered, 'kept'>> {
  const beganAt = Date.now();
  return new Promise((resolve) => {
    let status: number | null = null;
    let version: string | null = null;
    let body = '';
    const end = (why: string): void => resolve({ beganAt, endedAt: Date.now(), status, version, ok: why === '', why });
    const asked = get(url, { agent }, (response) => {
      status = response.statusCode ?? null;
      version = String(response.headers['x-storefront-version'] ?? '') || null;
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.once('end', () => end(faultOf(status, body, holds)));
      response.once('close', () => end('the answer broke off'));
      response.once('error', () => end('the answer broke off'));
    });
    asked.setTimeout(TIMEOUT_MS, () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)));
    asked.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

function faultOf(status: number | null, body: string, holds: string): string {
  if (status === null || status < 200 || status > 299) return `status ${status}`;
  return body.includes(holds) ? '' : `${status}, but not what was asked for`;
}
