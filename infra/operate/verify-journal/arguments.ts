import { readArguments } from '../command.ts';

export interface VerifyOptions {
  /** One lane alone; null: all. */
  lane: string | null;
  /** A file with heads recorded earlier. */
  heads: string | null;
  json: boolean;
  help: boolean;
}

export const USAGE = `usage: npm run verify-journal -- [--lane LANE] [--heads FILE] [--json]
  --lane LANE   one lane alone, such as storefront@production
  --heads FILE  heads recorded earlier: what --json printed then; each must lie on its journal
  --json        one line of JSON
It reads Storage, or Storage__tableServiceUri, as the service does. It ends with 0 when every journal is whole, 1 when one
is not, and 2 when it could not tell.`;

/** Reads the command line; throws one clear sentence. */
export function readVerifyOptions(args: string[]): VerifyOptions {
  const {
    lane = null,
    heads = null,
    json = false,
    help = false,
  } = readArguments(args, {
    lane: { type: 'string' },
    heads: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  });
  if (lane?.trim() === '') throw new Error('--lane names no lane');
  if (heads?.trim() === '') throw new Error('--heads names no file');
  return { lane, heads, json, help };
}
