import * as v from 'valibot';

const v4 = v.pipe(v.string(), v.ipv4());
/** Without a zone, which chooses an interface of one machine. */
const v6 = v.pipe(v.string(), v.ipv6(), v.excludes('%'));
/** Wider ones would allow nearly everything, and are rather a slip than a wish. */
const LEAST_PREFIX = 8;

/** Networks in CIDR notation with commas between them. Faults name the place in the list and never the value. */
export function readNetworks(text: string): { networks: string[]; faults: string[] } {
  const networks = text === '' ? [] : text.split(',').map((each) => each.trim());
  const faults = networks.flatMap((each, at) => {
    const why = faultOf(each);
    return why === null ? [] : [`entry ${at + 1} ${why}`];
  });
  return { networks, faults };
}

function faultOf(network: string): string | null {
  const [address = '', prefix = '', more] = network.split('/');
  const bits = v.is(v4, address) ? 32 : v.is(v6, address) ? 128 : 0;
  if (bits === 0 || more !== undefined || !/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bits)
    return 'is no network in CIDR notation such as 10.1.0.0/16 or fd12:3456::/48; a single address ends in /32 or /128';
  return Number(prefix) < LEAST_PREFIX ? `is wider than /${LEAST_PREFIX}: it would allow nearly every address` : null;
}
