import { createHmac, timingSafeEqual } from 'node:crypto';
import { ServiceBusError } from '../service-bus-error.ts';

export interface SharedKey {
  name: string;
  key: string;
}

/**
 * Checks a shared access signature: `SharedAccessSignature sr=…&sig=…&se=…&skn=…`, where `sig` is the HMAC-SHA256, in
 * base64, of `<sr>\n<se>` as they stand in the token, and `se` the end of its validity in seconds since 1970.
 * @returns what the token is for, and until when (ms since 1970)
 * @throws unauthorized-access, saying why
 */
export function verifySasToken(token: string, shared: SharedKey, now: number): { resource: string; until: number } {
  const prefix = 'SharedAccessSignature ';
  if (!token.startsWith(prefix)) throw unauthorized('the token is no shared access signature');
  const fields = new Map(token.slice(prefix.length).split('&').map(splitField));
  const [resource, signature, expiry, name] = ['sr', 'sig', 'se', 'skn'].map((field) => fields.get(field));
  if (resource === undefined || signature === undefined || expiry === undefined || name === undefined)
    throw unauthorized('the token lacks one of sr, sig, se, skn');
  if (decodeURIComponent(name) !== shared.name)
    throw unauthorized(`there is no key named '${decodeURIComponent(name)}'`);
  if (!isSignedBy(shared.key, `${resource}\n${expiry}`, signature)) throw unauthorized('the signature does not match');
  const until = Number(expiry) * 1000;
  if (!(until > now)) throw unauthorized('the token has expired');
  return { resource: decodeURIComponent(resource), until };
}

export function unauthorized(why: string): ServiceBusError {
  return new ServiceBusError('amqp:unauthorized-access', 401, `Unauthorized access: ${why}.`);
}

/** Only the first `=` separates: a signature in base64 ends in such signs. */
function splitField(field: string): [string, string] {
  const at = field.indexOf('=');
  return [field.slice(0, at), field.slice(at + 1)];
}

function isSignedBy(key: string, text: string, signature: string): boolean {
  const expected = createHmac('sha256', key).update(text).digest();
  const given = Buffer.from(decodeURIComponent(signature), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
