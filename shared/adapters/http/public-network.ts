import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { LastingFailure } from '../../ports.ts';

/** We do not speak to that address, and asking again will not change it. It names the host alone: the rest may be a signature. */
export class ForbiddenAddress extends LastingFailure {
  override name = 'ForbiddenAddress';
}

/** Which addresses we may connect to where somebody outside named the host. */
export interface Network {
  /** `address`: an IPv4 or IPv6 address in any spelling Node knows; whatever is none is not allowed. */
  allows(address: string): boolean;
  /** Resolves names for a connection: ForbiddenAddress where one of the addresses found is not allowed. */
  lookup: LookupFunction;
}

/**
 * IPv4 that is not globally reachable (IANA's special-purpose registry, RFC 6890), multicast and reserved, and Azure's own wire
 * server, which answers every virtual machine at a public-looking address.
 */
const PRIVATE_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** All global unicast of IPv6 lies in here (RFC 4291 §2.4): loopback, mapped, NAT64, unique and link-local and multicast do not. */
const GLOBAL_V6 = ['2000::/3'];
/** And within it: protocol assignments with Teredo, documentation (two), and 6to4, which leads to an IPv4 address of the sender's choice. */
const PRIVATE_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
/** IPv4 written as IPv6; a BlockList judges it by its IPv4 rules. */
const MAPPED_V6 = ['::ffff:0:0/96'];

const privateV4 = blockList(PRIVATE_V4);
const privateV6 = blockList(PRIVATE_V6);
const globalV6 = blockList(GLOBAL_V6);
const mappedV6 = blockList(MAPPED_V6);

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}

function isPublic(address: string, family: 'ipv4' | 'ipv6'): boolean {
  if (family === 'ipv4' || mappedV6.check(address, family)) return !privateV4.check(address, family);
  return globalV6.check(address, family) && !privateV6.check(address, family);
}

/**
 * The public internet and the owner's `allowed` networks (`10.1.0.0/16`, `fd12::/48`). The address that is judged is the one that is
 * connected to: names are resolved once for each connection, so a name that leads elsewhere a moment later gains nothing.
 */
export function networkOf(allowed: readonly string[], resolve: LookupFunction = systemLookup): Network {
  const owners = blockList(allowed);
  const allows = (text: string): boolean => {
    // The zone of a link-local address chooses the interface and is no part of the address.
    const [address = ''] = text.split('%', 1);
    if (isIP(address) === 0) return false;
    const family = familyOf(address);
    return owners.check(address, family) || isPublic(address, family);
  };
  const lookup: LookupFunction = (hostname, options, callback) =>
    resolve(hostname, options, (error, found, family) => {
      if (error !== null) return callback(error, found, family);
      const addresses = typeof found === 'string' ? [found] : found.map(({ address }) => address);
      if (addresses.length > 0 && addresses.every(allows)) return callback(null, found, family);
      callback(notPublic(hostname), []);
    });
  return { allows, lookup };
}

export const notPublic = (host: string): ForbiddenAddress =>
  new ForbiddenAddress(
    `${host} is not at a public address; to reach a network of your own, name it in WARMSWAP_ALLOWED_NETWORKS`,
  );
