import { createHash } from 'node:crypto';

/** A request of somebody who may not: lines added to its head, text added to its address, and a body of its own. */
export interface Attempt {
  what: string;
  lines: string[];
  query?: string;
  host?: string;
  body?: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const principal = base64(
  JSON.stringify({
    auth_typ: 'aad',
    name_typ: 'name',
    role_typ: 'roles',
    claims: [
      { typ: 'name', val: 'ada@example.com' },
      { typ: 'roles', val: 'admin' },
    ],
  }),
);
const jwt = (payload: object): string =>
  `${base64url('{"alg":"none","typ":"JWT"}')}.${base64url(JSON.stringify(payload))}`;

/** Everything but sending `known`, a token that has the right, as `Authorization: Bearer`; `unknown` is one of the same shape. */
export function bearerAttempts(known: string, unknown: string): Attempt[] {
  const sha256 = createHash('sha256').update(known);
  const hash = sha256.copy().digest('hex');
  const authorization: [string, string][] = [
    ['an empty header', ''],
    ['the scheme alone', 'Bearer'],
    ['another token', `Bearer ${unknown}`],
    ['the token without a scheme', known],
    ['another scheme', `Token ${known}`],
    ['a scheme that only begins alike', `BearerToken ${known}`],
    ['a colon after the scheme', `Bearer: ${known}`],
    ['an equals sign after the scheme', `Bearer=${known}`],
    ['a tab after the scheme', `Bearer\t${known}`],
    ['no space after the scheme', `Bearer${known}`],
    ['the scheme twice', `Bearer Bearer ${known}`],
    ['Basic, the token as its user', `Basic ${base64(`${known}:`)}`],
    ['Basic, the token as its password', `Basic ${base64(`ci:${known}`)}`],
    ['Basic, the token bare', `Basic ${known}`],
    ['Digest', `Digest username="ci", response="${known}"`],
    ['a parameter', `Bearer token="${known}"`],
    ['quotes', `Bearer "${known}"`],
    ['two joined with a comma, the known one last', `Bearer ${unknown}, Bearer ${known}`],
    ['two joined with a comma, the known one first', `Bearer ${known}, Bearer ${unknown}`],
    ['two tokens in one', `Bearer ${known} ${known}`],
    ['a space inside', `Bearer ${known.slice(0, 6)} ${known.slice(6)}`],
    ['its beginning', `Bearer ${known.slice(0, -1)}`],
    ['its end', `Bearer ${known.slice(1)}`],
    ['a character more', `Bearer ${known}0`],
    ['a padding more', `Bearer ${known}=`],
    ['it twice over', `Bearer ${known}${known}`],
    ['other letters', `Bearer ${known.toUpperCase()}`],
    ['a part of it percent-encoded', `Bearer %${known.charCodeAt(0).toString(16)}${known.slice(1)}`],
    ['an encoded space behind', `Bearer ${known}%20`],
    ['an encoded line end behind', `Bearer ${known}%0d%0a`],
    ['its SHA-256', `Bearer ${hash}`],
    ['its SHA-256 in base64', `Bearer ${sha256.copy().digest('base64')}`],
    ['what the setting says of it', `Bearer ${base64(JSON.stringify({ name: 'may all', sha256: hash }))}`],
    ['a JWT of nobody', `Bearer ${jwt({ name: 'may all', roles: ['command'] })}.`],
    ['a JWT with the token for a signature', `Bearer ${jwt({ sub: 'may all' })}.${known}`],
    ['letters beyond ASCII', `Bearer ${Buffer.from('tökén-ключ').toString('latin1')}`],
    ['bytes that are no text', `Bearer \xff\xfe${known}`],
    ['wide letters that look the same', `Bearer ${Buffer.from(`ｔ${known.slice(1)}`).toString('latin1')}`],
    ['twelve thousand characters', `Bearer ${'a'.repeat(12_000)}`],
    ['twelve thousand spaces', `Bearer${' '.repeat(12_000)}x`],
    ['the word null', 'Bearer null'],
    ['a name that objects have', 'Bearer __proto__'],
    ['a star', 'Bearer *'],
  ];
  const lines = (what: string, ...of: string[]): Attempt => ({ what, lines: of });
  return [
    lines('nothing at all'),
    ...authorization.map(([what, value]) => lines(`authorization: ${what}`, `Authorization: ${value}`)),
    lines('two headers, neither known', `Authorization: Bearer ${unknown}`, 'Authorization: Bearer x'),
    lines('two headers, the known one last', `Authorization: Bearer ${unknown}`, `Authorization: Bearer ${known}`),
    lines('as a key of the platform', `x-functions-key: ${known}`),
    lines('as a key of others', `x-api-key: ${known}`, `api-key: ${known}`, `x-auth-token: ${known}`),
    lines('meant for a proxy', `Proxy-Authorization: Bearer ${known}`),
    lines('behind a proxy', `X-Forwarded-Authorization: Bearer ${known}`, `X-Original-Authorization: Bearer ${known}`),
    lines('in cookies', `Cookie: access_token=${known}; authorization=Bearer ${known}; AppServiceAuthSession=${known}`),
    lines(
      'as who App Service has signed in',
      `x-ms-client-principal: ${principal}`,
      'x-ms-client-principal-id: 0f1e2d3c-0000-4000-8000-000000000001',
      'x-ms-client-principal-name: ada@example.com',
      'x-ms-client-principal-idp: aad',
      `x-ms-token-aad-access-token: ${known}`,
    ),
    lines(
      'as this machine',
      'X-Forwarded-For: 127.0.0.1',
      'X-Real-IP: 127.0.0.1',
      'Forwarded: for=127.0.0.1;host=localhost',
    ),
    lines(
      'as the platform',
      'x-ms-invocation-id: 1',
      'X-ARR-SSL: 1',
      'X-MS-Site-Restricted-Token: x',
      'User-Agent: AlwaysOn',
    ),
    lines('as another address', 'X-Original-URL: /healthz', 'X-Rewrite-URL: /healthz'),
    lines('as another method', 'X-HTTP-Method-Override: GET', 'X-HTTP-Method: OPTIONS', 'X-Method-Override: HEAD'),
    lines('signed as Slack would', 'x-slack-request-timestamp: 1772442873', `x-slack-signature: v0=${'0'.repeat(64)}`),
    { what: 'another host', lines: [], host: 'healthz.example' },
    { what: 'in the query', lines: [], query: `access_token=${known}&token=${known}&code=${known}&sig=${known}` },
    {
      what: 'in a form',
      lines: ['Content-Type: application/x-www-form-urlencoded'],
      body: `access_token=${known}&_method=GET`,
    },
    {
      what: 'in a body that is no JSON',
      lines: ['Content-Type: application/json'],
      body: `{"authorization":"Bearer ${known}"`,
    },
  ];
}
