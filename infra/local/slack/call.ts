import type { IncomingMessage } from 'node:http';

/** One call of a Web API method, read: `blocks` and `attachments` still as they came. */
export interface Call {
  method: string;
  token: string | undefined;
  args: Record<string, unknown>;
}

/**
 * Reads a call: arguments as a form (values of nested fields are JSON text) or as JSON, the token in the Authorization
 * header or as an argument.
 */
export async function readCall(method: string, request: IncomingMessage, url: URL): Promise<Call> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  const args: Record<string, unknown> = Object.fromEntries(url.searchParams);
  if (request.headers['content-type']?.includes('application/json')) Object.assign(args, jsonArguments(body));
  else Object.assign(args, Object.fromEntries(new URLSearchParams(body)));
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer ?? (typeof args.token === 'string' ? args.token : undefined);
  delete args.token;
  return { method, token, args };
}

function jsonArguments(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {};
  } catch {
    return {};
  }
}

/** An argument that must be a list, given as such or as JSON text; undefined when it was not given, null when it is none. */
export function listArgument(value: unknown): unknown[] | undefined | null {
  if (value === undefined || value === '') return undefined;
  if (Array.isArray(value)) return value;
  try {
    const parsed: unknown = JSON.parse(String(value));
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

export function textArgument(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
