import { createHash, createHmac } from 'node:crypto';
import type { Attempt } from './bearer-attempts.ts';

interface Known {
  secret: string;
  /** Of a bearer token that has every right. */
  token: string;
  /** A body that would be taken if it were signed. */
  body: string;
}

/** Everything but a signature of Slack's that holds. */
export function slackAttempts({ secret, token, body }: Known, now: Date): Attempt[] {
  const seconds = Math.floor(now.getTime() / 1_000);
  const made = (by: string, at: string | number, of: string, how = 'sha256'): string =>
    createHmac(how, by).update(`v0:${at}:${of}`).digest('hex');
  const good = made(secret, seconds, body);
  const stamp = (at: string | number): string => `x-slack-request-timestamp: ${at}`;
  const sign = (value: string): string => `x-slack-signature: ${value}`;
  const lines = (what: string, ...of: string[]): Attempt => ({ what, lines: of });
  /** A time stamp that is signed as it stands. */
  const stamped = (what: string, at: string): Attempt => lines(what, stamp(at), sign(`v0=${made(secret, at, body)}`));
  const signed = (what: string, value: string): Attempt => lines(what, stamp(seconds), sign(value));
  const all: Attempt[] = [
    lines('nothing at all'),
    lines('no time stamp', sign(`v0=${good}`)),
    lines('no signature', stamp(seconds)),
    lines('empty headers', stamp(''), sign('')),
    signed('an empty signature', 'v0='),
    signed('another secret', `v0=${made('another-signing-secret', seconds, body)}`),
    signed('no secret', `v0=${made('', seconds, body)}`),
    signed('both secrets as one', `v0=${made(`${secret}, ${secret}`, seconds, body)}`),
    signed('another time', `v0=${made(secret, seconds - 1, body)}`),
    stamped('six minutes old', String(seconds - 360)),
    stamped('six minutes ahead', String(seconds + 360)),
    stamped('the beginning of time', '0'),
    stamped('before it', String(-seconds)),
    stamped('no number', 'NaN'),
    stamped('endless', 'Infinity'),
    stamped('with a sign', `+${seconds}`),
    stamped('with a fraction', `${seconds}.5`),
    stamped('with an exponent', `${seconds / 1e9}e9`),
    stamped('in hexadecimal', `0x${seconds.toString(16)}`),
    stamped('in milliseconds', String(seconds * 1_000)),
    stamped('as a date', now.toISOString()),
    signed('another version', `v1=${good}`),
    signed('without its version', good),
    signed('in capitals', `v0=${good.toUpperCase()}`),
    signed('its beginning', `v0=${good.slice(0, -2)}`),
    signed('its end', `v0=${good.slice(2)}`),
    signed('two digits more', `v0=${good}00`),
    signed('in quotes', `"v0=${good}"`),
    signed('two joined with a comma', `v0=${'0'.repeat(64)},v0=${good}`),
    signed('in base64', `v0=${Buffer.from(good, 'hex').toString('base64')}`),
    signed('by SHA-1', `v0=${made(secret, seconds, body, 'sha1')}`),
    signed('a hash without a secret', `v0=${createHash('sha256').update(`v0:${seconds}:${body}`).digest('hex')}`),
    signed(
      'a hash with the secret before it',
      `v0=${createHash('sha256').update(`${secret}v0:${seconds}:${body}`).digest('hex')}`,
    ),
    signed('over the body alone', `v0=${createHmac('sha256', secret).update(body).digest('hex')}`),
    signed('over another body', `v0=${made(secret, seconds, `${body}&`)}`),
    lines('two signatures', stamp(seconds), sign(`v0=${'0'.repeat(64)}`), sign(`v0=${good}`)),
    lines('two time stamps', stamp(seconds - 1), stamp(seconds), sign(`v0=${good}`)),
    lines('a bearer token with every right', `Authorization: Bearer ${token}`),
    lines('the secret as a bearer token', `Authorization: Bearer ${secret}`),
    lines(
      'as Slack sends a retry',
      'X-Slack-Retry-Num: 1',
      'X-Slack-Retry-Reason: http_timeout',
      'User-Agent: Slackbot 1.0',
    ),
    lines(
      'as who App Service has signed in',
      'x-ms-client-principal-name: ada@example.com',
      'x-ms-client-principal-idp: aad',
    ),
    lines('as another method', 'X-HTTP-Method-Override: GET'),
    { what: 'in the query', lines: [], query: `timestamp=${seconds}&signature=v0%3D${good}&token=${token}` },
    {
      what: 'another body with that signature',
      lines: [stamp(seconds), sign(`v0=${good}`)],
      body: body.replace('=', '=+'),
    },
    { what: 'no body with that signature', lines: [stamp(seconds), sign(`v0=${good}`)], body: '' },
  ];
  const form = 'Content-Type: application/x-www-form-urlencoded';
  return all.map((attempt) => ({ body, ...attempt, lines: [form, ...attempt.lines] }));
}
