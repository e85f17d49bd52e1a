import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { ForbiddenAddress, type Network, notPublic } from './public-network.ts';

export interface GuardedRequest {
  method?: 'GET' | 'PUT' | 'POST';
  /** Whom to ask; path and query too, where `path` does not give them. */
  url: URL;
  /** Not resolved against the host: `//elsewhere/` stays a path. */
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Ends it, the reading of the body included. */
  signal: AbortSignal;
}

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * One request to an address that somebody outside gave: an artefact's, a site's, the one a click is answered at. It is sent over a
 * connection of its own and follows no redirect. Throws ForbiddenAddress before anything is connected to, whatever Node throws where
 * nobody answers. (What is asked at addresses of the settings, as the vendors' clients do, is not judged: their owner chose them.)
 */
export function guardedRequest(network: Network, asked: GuardedRequest): Promise<IncomingMessage> {
  const { method = 'GET', url, path = `${url.pathname}${url.search}`, headers = {}, body, signal } = asked;
  return new Promise((resolve, reject) => {
    checkWords(url);
    const { hostname, port } = urlParts(url);
    const secure = url.protocol === 'https:';
    const createConnection = (): Socket => guardedSocket(network, secure, hostname, port);
    const send = secure ? overHttps : overHttp;
    const sent = send({ method, hostname, port, path, headers, signal, createConnection }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What can be told of an address without resolving it. */
function checkWords({ protocol, host, hostname, username, password }: URL): void {
  if (username !== '' || password !== '')
    throw new ForbiddenAddress(`an address of ${host} holds a user name or a password; give it without`);
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback.has(hostname)))
    throw new ForbiddenAddress(
      `${host === '' ? 'an address' : host} cannot be asked by ${protocol.slice(0, -1)}; use https`,
    );
}

function urlParts({ hostname, port, protocol }: URL): { hostname: string; port: number } {
  const plain = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return { hostname: plain, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

/** Judged thrice: as it is written (Node looks up no literal address), as it is resolved, and by where the connection in fact leads. */
function guardedSocket(network: Network, secure: boolean, host: string, port: number): Socket {
  if (isIP(host) !== 0 && !network.allows(host)) throw notPublic(host);
  const { lookup } = network;
  const socket = secure
    ? connectSecurely({ host, port, lookup, servername: isIP(host) === 0 ? host : '', ALPNProtocols: ['http/1.1'] })
    : connect({ host, port, lookup });
  // Before anything that waits for the connection to write on it.
  socket.prependOnceListener('connect', () => {
    if (!network.allows(socket.remoteAddress ?? '')) socket.destroy(notPublic(host));
  });
  return socket;
}
