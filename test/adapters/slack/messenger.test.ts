import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startSlack } from '../../../infra/local/slack/slack.ts';
import { messenger } from '../../../shared/adapters/slack/messenger.ts';
import { type Messenger, Unavailable } from '../../../shared/ports.ts';

let slack: Awaited<ReturnType<typeof startSlack>>;
let port: Messenger;
beforeAll(async () => {
  slack = await startSlack({ port: 0, token: 'xoxb-test', channels: ['deployments'] });
  port = messenger({ token: 'xoxb-test', apiUrl: slack.addresses.api });
});
afterAll(() => slack.close());

const control = (method: string, path: string, body?: object): Promise<Response> =>
  fetch(new URL(`/_control/${path}`, slack.addresses.api), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
const shown = async (): Promise<unknown> =>
  ((await (await control('GET', 'messages?channel=deployments')).json()) as { messages: unknown }).messages;
afterEach(() => control('DELETE', 'faults'));

const message = (text: string) => ({
  text,
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `*${text}*` } }],
});

test('posts, answers in the thread, and changes what it posted', async () => {
  const posted = await port.post('deployments', message('one'));
  if (!posted.posted) throw new Error(posted.because);
  expect(await port.post('deployments', message('a detail'), posted.ts)).toMatchObject({ posted: true });
  expect(await port.update(posted.channel, posted.ts, message('two'))).toEqual(posted);
  expect(JSON.stringify(await shown())).toContain('two');
  expect(JSON.stringify(await shown())).not.toContain('*one*');
});

test('what will not change by asking again is a value', async () => {
  expect(await port.post('no-such-channel', message('x'))).toEqual({ posted: false, because: 'channel_not_found' });
  const posted = await port.post('deployments', message('here'));
  if (!posted.posted) throw new Error(posted.because);
  expect(await port.update(posted.channel, '1.000001', message('x'))).toEqual({
    posted: false,
    because: 'message_not_found',
  });
  const stranger = messenger({ token: 'xoxb-other', apiUrl: slack.addresses.api });
  expect(await stranger.post('deployments', message('x'))).toEqual({ posted: false, because: 'invalid_auth' });
});

test('429 says until when, and is not tried again', async () => {
  await control('POST', 'faults', { status: 429, retryAfterSeconds: 12, times: 1 });
  const thrown = await port.post('deployments', message('x')).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Unavailable);
  const waitMs = ((thrown as Unavailable).retryAt?.getTime() ?? 0) - Date.now();
  expect(waitMs).toBeGreaterThan(10_000);
  expect(waitMs).toBeLessThanOrEqual(12_000);
});

test.each([
  { what: 'an outage', fault: { status: 503 } },
  { what: 'a broken connection', fault: { down: true } },
  { what: 'an error of its own', fault: { error: 'internal_error' } },
])('$what is unavailable', async ({ fault }) => {
  await control('POST', 'faults', { ...fault, times: 1 });
  await expect(port.post('deployments', message('x'))).rejects.toBeInstanceOf(Unavailable);
});
