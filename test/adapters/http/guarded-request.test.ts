import { createServer, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshOver } from '../../../shared/adapters/app-service/fresh-request.ts';
import { download, Refused } from '../../../shared/adapters/blobs/source.ts';
import { guardedRequest } from '../../../shared/adapters/http/guarded-request.ts';
import { ForbiddenAddress, type Network, networkOf } from '../../../shared/adapters/http/public-network.ts';
import { responder } from '../../../shared/adapters/slack/responder.ts';
import { Unavailable } from '../../../shared/ports.ts';
import { eventually } from '../../functions/eventually.ts';
import { type Connections, countedConnections } from './connections.ts';
import {
  forbiddenHostTexts,
  forbiddenUrls,
  loopbackHosts,
  mappedLoopbackHosts,
  names,
  otherHosts,
} from './forbidden-hosts.ts';

let connections: Connections;
beforeAll(async () => {
  connections = await countedConnections();
});
afterAll(() => connections.close());
beforeEach(() => void connections.begun());

/** The names of the table; nothing else has an address. */
const resolve: LookupFunction = (hostname, { all }, callback) => {
  const found = (names[hostname] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const [first] = found;
  if (first === undefined) return callback(Object.assign(new Error(`no ${hostname} here`), { code: 'ENOTFOUND' }), []);
  if (all) callback(null, found);
  else callback(null, first.address, first.family);
};

type Outcome = { refused: boolean; says: string };
const SECRET = 'hunter2';
/** The three kinds of address that others give us, each by the code that asks it. */
const kinds: Record<'artefact' | 'check' | 'webhook', (network: Network, at: string) => Promise<Outcome>> = {
  async artefact(network, url) {
    try {
      for await (const _ of download(network, url, 1_000, AbortSignal.timeout(5_000))) break;
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unavailable)) throw error;
      return { refused: error instanceof Refused, says: error.message };
    }
    return { refused: false, says: 'it was fetched' };
  },
  async check(network, host) {
    try {
      const asked = { host, path: `/health?sig=${SECRET}`, timeoutMs: 5_000, bodyBytes: 100 };
      return { refused: false, says: `it answered ${(await freshOver(network)(asked)).status}` };
    } catch (error) {
      return { refused: error instanceof ForbiddenAddress, says: error instanceof Error ? error.message : '' };
    }
  },
  async webhook(network, url) {
    try {
      const told = await responder(network).respond(url, { text: 'x', blocks: [] });
      return { refused: !told.posted, says: told.posted ? 'it was taken' : told.because };
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return { refused: false, says: error.message };
    }
  },
};
const withPath = (host: string): string => `https://${host}:${connections.port}/x?sig=${SECRET}`;

describe.each(['artefact', 'check', 'webhook'] as const)('%s', (kind) => {
  const ask = kinds[kind];
  const at = (host: string): string => (kind === 'check' ? `${host}:${connections.port}` : withPath(host));
  const whole = kind === 'check' ? forbiddenHostTexts : forbiddenUrls;

  test(`is not asked at a forbidden address, however that is spelled`, async () => {
    const spellings = [...[...loopbackHosts, ...mappedLoopbackHosts, ...otherHosts].map(at), ...whole];
    expect(new Set(spellings).size).toBe(spellings.length);
    expect(spellings.length).toBeGreaterThanOrEqual(100);
    for (const spelling of spellings) {
      const { refused, says } = await ask(networkOf([], resolve), spelling);
      expect(refused, `${spelling}: ${says}`).toBe(true);
      expect(says).not.toContain(SECRET);
      expect(connections.begun(), spelling).toBe(0);
    }
    expect(connections.received).toEqual([]);
  });

  test('is asked at these very spellings once the network is allowed, so that the count above can fail', async () => {
    const network = networkOf(['127.0.0.1/32'], resolve);
    const before = connections.received.length;
    for (const host of loopbackHosts) {
      const { refused, says } = await ask(network, at(host));
      expect(refused, `${host}: ${says}`).toBe(false);
      expect(connections.begun(), host).toBe(1);
    }
    const arrived = await eventually(
      async () => connections.received.length - before,
      (count) => count >= loopbackHosts.length,
    );
    expect(arrived).toBe(loopbackHosts.length);
    connections.received.length = 0;
  });

  test('an allowed network allows nothing beside itself', async () => {
    for (const host of otherHosts)
      expect(await ask(networkOf(['127.0.0.1/32'], resolve), at(host))).toMatchObject({ refused: true });
    expect(connections.begun()).toBe(0);
  });
});

describe('a redirect', () => {
  let server: Server;
  let location = '';
  beforeAll(async () => {
    server = createServer((_, response) => void response.writeHead(302, { location }).end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => void server.close());

  test('to a forbidden address is not followed', async () => {
    const { port } = server.address() as AddressInfo;
    const network = networkOf(['127.0.0.1/32'], resolve);
    // A location without a scheme is resolved against where it came from.
    const abroad = forbiddenUrls.filter((url) => /^(?!https?:)[a-z+]+:/.test(url));
    for (location of [...otherHosts.map(withPath), ...abroad].map(encodeURI)) {
      const { refused, says } = await kinds.artefact(network, `http://127.0.0.1:${port}/x`);
      expect(refused, `${location}: ${says}`).toBe(true);
      expect(connections.begun(), location).toBe(1);
    }
    expect(connections.received).toEqual([]);
  });
});

describe('a name', () => {
  test('that leads elsewhere a moment later gains nothing: each connection goes where its own answer was judged', async () => {
    const answers = ['127.0.0.1', '169.254.169.254', '127.0.0.1', '10.0.0.1'];
    let asked = 0;
    const rebinding: LookupFunction = (_, { all }, callback) => {
      const address = answers[asked] ?? '';
      asked += 1;
      if (all) callback(null, [{ address, family: 4 }]);
      else callback(null, address, 4);
    };
    const network = networkOf(['127.0.0.1/32'], rebinding);
    const outcomes = [];
    for (const _ of answers) outcomes.push((await kinds.artefact(network, withPath('rebinding.example'))).refused);
    expect(outcomes).toEqual([false, true, false, true]);
    expect(asked).toBe(answers.length);
    expect(connections.begun()).toBe(2);
  });

  test('that nobody knows is a source that is down, not one that is forbidden', async () => {
    expect(await kinds.artefact(networkOf([], resolve), withPath('nobody.example'))).toMatchObject({ refused: false });
  });

  test("is resolved by the system's own resolver where no other is given", async () => {
    expect(await kinds.artefact(networkOf([]), withPath('localhost'))).toMatchObject({ refused: true });
    expect(connections.begun()).toBe(0);
  });
});

test.each(['http', 'https'])(
  'a connection that leads elsewhere after all is ended before a byte of %s is sent',
  async (scheme) => {
    connections.received.length = 0;
    let judged = 0;
    // As if the address had been a good one when it was read.
    const allows = (): boolean => {
      judged += 1;
      return judged === 1;
    };
    const url = new URL(`${scheme}://127.0.0.1:${connections.port}/`);
    const asked = guardedRequest({ allows, lookup: resolve }, { url, signal: AbortSignal.timeout(5_000) });
    await expect(asked).rejects.toThrow(ForbiddenAddress);
    expect(connections.begun()).toBe(1);
    expect(
      await eventually(
        async () => connections.received,
        ({ length }) => length > 0,
      ),
    ).toEqual([0]);
  },
);

test('the refusal names the host and the setting', async () => {
  const { says } = await kinds.artefact(networkOf([], resolve), withPath('intranet.example'));
  expect(says).toBe(
    'the artefact cannot be fetched: intranet.example is not at a public address; to reach a network of your own, name it in WARMSWAP_ALLOWED_NETWORKS',
  );
});
