import type { IncomingMessage } from 'node:http';
import { readJson } from './json-body.ts';
import { respond } from './respond.ts';
import type { Workspace } from './workspace.ts';

/**
 * A response_url: takes a POST of JSON, without a token, since only the app was told the address. `delete_original` is not known here.
 * A stale address is answered 404 with `used_url` or `expired_url`.
 */
export async function answerHook(
  workspace: Workspace,
  url: URL,
  request: IncomingMessage,
): Promise<{ status: number; body: object }> {
  const said = await readJson(request);
  const refused = (status: number, error: string) => ({ status, body: { ok: false, error } });
  if (request.method !== 'POST' || said === undefined) return refused(400, 'invalid_payload');
  const place = workspace.responseUrls.use(url.pathname);
  if ('error' in place) return refused(404, place.error);
  const shown = respond(workspace, place, said);
  if (!shown.ok) return refused(shown.error === 'message_not_found' ? 404 : 400, shown.error);
  return { status: 200, body: { ok: true } };
}
