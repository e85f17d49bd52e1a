import { createHmac } from 'node:crypto';

/** What a token of the local Azure says: whom it was made for, and until when (seconds since 1970, as RFC 7519 has it). */
export interface TokenClaims {
  aud: string;
  iss: string;
  oid: string;
  appid: string;
  iat: number;
  nbf: number;
  exp: number;
}

/** A JSON Web Token with HMAC-SHA256 (RFC 7515, RFC 7519): the form Entra's tokens have, signed with a shared key instead of Entra's. */
export function signToken(claims: TokenClaims, key: string): string {
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${unsigned}.${createHmac('sha256', key).update(unsigned).digest('base64url')}`;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
