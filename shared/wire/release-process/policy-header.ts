import { createHash } from 'node:crypto';
import { STYLE } from './style.ts';

/** The value of `content-security-policy` for the page: its own style sheet, and nothing else whatever. */
export const pagePolicy = (): string =>
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
