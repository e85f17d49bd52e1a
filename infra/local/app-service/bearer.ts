import { createHmac, timingSafeEqual } from 'node:crypto';

export type BearerCheck =
  | { ok: true; objectId: string }
  | { ok: false; why: 'missing' | 'invalid' | 'expired' | 'audience' };

/** Management tokens; Entra accepts the resource with and without its closing slash, and by its older name. */
const AUDIENCES = /^https:\/\/management\.(azure\.com|core\.windows\.net)\/?$/;

/** Checks an Authorization header: a JSON Web Token with HMAC-SHA256 under `key`, in its time, made for Azure management. */
export function checkBearer(header: string | undefined, key: string, nowMs: number): BearerCheck {
  const token = /^Bearer (.+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) return { ok: false, why: 'missing' };
  const [head, payload, signature] = token.split('.');
  if (head === undefined || payload === undefined || signature === undefined) return { ok: false, why: 'invalid' };
  const expected = createHmac('sha256', key).update(`${head}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { ok: false, why: 'invalid' };
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
  if (Number(claims.exp) * 1000 <= nowMs) return { ok: false, why: 'expired' };
  if (!AUDIENCES.test(String(claims.aud))) return { ok: false, why: 'audience' };
  return { ok: true, objectId: String(claims.oid) };
}
