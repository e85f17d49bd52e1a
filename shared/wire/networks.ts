import * as v from 'valibot';

const v4 = v.pipe(v.string(), v.ipv4());
/** Without a zone, which chooses an interface of one machine. */
const v6 = v.pipe(v.string(), v.ipv6(), v.excludes('%'));
/** Wider ones would allow nearly everything, and are rather a slip than a wish. */
const LEAST_PREFIX = 8;

interface Network {
  address: string;
  prefix: number;
}

/** Where owners have networks (RFC 4291, RFC 4193). Elsewhere in IPv6 lie other ways to write IPv4, and what is never an owner's. */
const OWNERS: readonly Network[] = [
  { address: 'fc00::', prefix: 7 },
  { address: 'fe80::', prefix: 10 },
  { address: '2000::', prefix: 3 },
  { address: '::1', prefix: 128 },
];
const MAPPED: Network = { address: '::ffff:0:0', prefix: 96 };

/**
 * Networks in CIDR notation with commas between them; IPv4 written as IPv6 (`::ffff:10.1.0.0/112`) is given as IPv4. Faults name the
 * place in the list and never the value.
 */
export function readNetworks(text: string): { networks: string[]; faults: string[] } {
  const networks: string[] = [];
  const faults: string[] = [];
  for (const [at, each] of (text === '' ? [] : text.split(',')).entries()) {
    const network = networkIn(each.trim());
    const why = network === null ? NO_NETWORK : faultOf(network);
    if (why !== null) faults.push(`entry ${at + 1} ${why}`);
    else if (network !== null) networks.push(`${network.address}/${network.prefix}`);
  }
  return { networks, faults };
}

const NO_NETWORK =
  'is no network in CIDR notation such as 10.1.0.0/16 or fd12:3456::/48; a single address ends in /32 or /128';

function networkIn(text: string): Network | null {
  const [address = '', digits = '', more] = text.split('/');
  if (more !== undefined || !/^(0|[1-9]\d{0,2})$/.test(digits)) return null;
  const prefix = Number(digits);
  if (v.is(v4, address)) return prefix > 32 ? null : { address, prefix };
  if (!v.is(v6, address) || prefix > 128) return null;
  const network = { address, prefix };
  return liesIn(network, MAPPED) ? { address: mappedIn(address), prefix: prefix - 96 } : network;
}

function faultOf(network: Network): string | null {
  if (network.prefix < LEAST_PREFIX) return `is wider than /${LEAST_PREFIX}: it would allow nearly every address`;
  if (!network.address.includes(':') || OWNERS.some((one) => liesIn(network, one))) return null;
  return 'lies in none of fc00::/7, fe80::/10 and 2000::/3, and is not ::1/128: no network of an owner is there';
}

function liesIn({ address, prefix }: Network, around: Network): boolean {
  const rest = BigInt(128 - around.prefix);
  return prefix >= around.prefix && bitsOf(address) >> rest === bitsOf(around.address) >> rest;
}

/** The 128 bits of an IPv6 address in any spelling. */
function bitsOf(address: string): bigint {
  const { hostname } = new URL(`http://[${address}]`);
  const [before = [], after = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':')));
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** The IPv4 address in the last 32 bits. */
function mappedIn(address: string): string {
  const bits = Number(bitsOf(address) & 0xffff_ffffn);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join('.');
}
