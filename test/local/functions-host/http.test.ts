import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeHosts, eventually, type RunningHost, startHost } from './fixture-app.ts';

const functions = `
app.http('echo', { route: 'echo/{name}/{number:int?}', methods: ['GET', 'POST'], handler: async (request, context) => {
  context.log('echo', request.params.name);
  return { status: 201, headers: { 'x-own': 'yes' }, cookies: [{ name: 'c', value: '1', httpOnly: true }], jsonBody: {
    params: request.params, query: request.query.get('q'), method: request.method, header: request.headers.get('x-in'),
    body: await request.text(), url: request.url, all: request.query.getAll('r') } };
} });
app.http('bytes', { methods: ['POST'], handler: async (request) => {
  const { createHash } = await import('node:crypto');
  return { body: createHash('sha256').update(Buffer.from(await request.arrayBuffer())).digest('hex') };
} });
app.http('throws', { handler: () => { throw new Error('broken inside'); } });
app.http('nothing', { handler: async () => undefined });
app.http('exact', { route: 'things/special', handler: async () => ({ body: 'exact' }) });
app.http('any', { route: 'things/{id}', handler: async (request) => ({ body: 'any ' + request.params.id }) });
app.http('rest', { route: 'files/{*path}', handler: async (request) => ({ body: 'rest ' + request.params.path }) });
app.deleteRequest('remove', { route: 'things/{id}', handler: async () => ({ status: 204, body: 'never sent' }) });
app.http('off', { handler: async () => ({ body: 'not disabled' }) });
app.http('setting', { route: '%WHERE%/x', handler: async () => ({ body: process.env.WHERE }) });
app.http('slow', { handler: async (request, context) => { context.log('slow began'); await new Promise((r) => setTimeout(r, 300)); return { body: 'slow' }; } });
`;
const hostJson = { extensions: { http: { routePrefix: '' } } };
const env = { 'AzureWebJobs.off.Disabled': 'true', WHERE: 'from-settings' };

/** Sends a POST whose length is not told beforehand. */
function postChunked(url: string, chunks: string[]): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject);
    for (const chunk of chunks) request.write(chunk);
    request.end();
  });
}

let plain: RunningHost;
let streaming: RunningHost;
beforeAll(async () => {
  plain = await startHost(functions, hostJson, { env });
  streaming = await startHost(`app.setup({ enableHttpStream: true });${functions}`, hostJson, {
    env,
    httpInactivitySeconds: 0.4,
  });
});
afterAll(closeHosts);

describe.each(['plain', 'streaming'] as const)('%s mode', (mode) => {
  const host = (): RunningHost => (mode === 'plain' ? plain : streaming);

  test('hands in method, route values, query, headers and body, and gives back status, headers, cookies and body', async () => {
    const response = await fetch(`${host().service}/echo/a%20b/7?q=1%2B1`, {
      method: 'POST',
      headers: { 'x-in': 'hello', 'content-type': 'text/plain' },
      body: 'the body é',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-own')).toBe('yes');
    expect(response.headers.get('set-cookie')).toMatch(/^c=1; HttpOnly/);
    expect(response.headers.get('x-ms-invocation-id')).toBeNull();
    expect(await response.json()).toMatchObject({
      params: { name: 'a b', number: '7' },
      query: '1+1',
      method: 'POST',
      header: 'hello',
      body: 'the body é',
      url: `${host().service}/echo/a%20b/7?q=1%2B1`,
    });
    expect(host().lines).toContainEqual(
      expect.objectContaining({
        level: 'information',
        function: 'echo',
        message: 'echo a b',
        invocationId: expect.any(String),
      }),
    );
  });

  test('an optional value may be missing, a constraint must hold', async () => {
    expect((await fetch(`${host().service}/echo/x`)).status).toBe(201);
    expect((await fetch(`${host().service}/ECHO/x/`)).status).toBe(201);
    expect((await fetch(`${host().service}/echo/x/seven`)).status).toBe(404);
  });

  test.each([
    ['GET', '/things/special', 200, 'exact'],
    ['GET', '/things/other', 200, 'any other'],
    ['GET', '/files/a/b/c.txt', 200, 'rest a/b/c.txt'],
    ['DELETE', '/things/other', 204, ''],
    ['PUT', '/things/other', 404, ''],
    ['GET', '/bytes', 404, ''],
    ['GET', '/no/such/path', 404, ''],
    ['GET', '/off', 404, ''],
    ['GET', '/from-settings/x', 200, 'from-settings'],
  ])('%s %s is %i', async (method, path, status, body) => {
    const response = await fetch(`${host().service}${path}`, { method });
    expect(response.status).toBe(status);
    expect(await response.text()).toBe(body);
  });

  test('body bytes arrive exactly', async () => {
    const body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
    const response = await fetch(`${host().service}/bytes`, { method: 'POST', body });
    const { createHash } = await import('node:crypto');
    expect(await response.text()).toBe(createHash('sha256').update(body).digest('hex'));
    expect(createHmac('sha256', 'k').update(body).digest('hex')).toHaveLength(64);
  });

  test('a client that leaves in the middle of its body harms nobody', async () => {
    await new Promise<void>((resolve) => {
      const request = httpRequest(`${host().service}/bytes`, { method: 'POST', headers: { 'content-length': '1000' } });
      request.on('error', () => resolve());
      request.write('the beginning', () => request.destroy());
      request.on('close', () => resolve());
    });
    expect((await fetch(`${host().service}/things/other`)).status).toBe(200);
  });

  test('thirty requests at once each get their own answer', async () => {
    const texts = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const response = await fetch(`${host().service}/echo/n/${index}`, { method: 'POST', body: `body ${index}` });
        const { params, body } = (await response.json()) as { params: { number: string }; body: string };
        return `${params.number} ${body}`;
      }),
    );
    expect(texts).toEqual(Array.from({ length: 30 }, (_, index) => `${index} body ${index}`));
  });
});

describe('what differs by mode', () => {
  test('a chunked body is empty without streaming and whole with it', async () => {
    const [a, b] = await Promise.all(
      [plain, streaming].map((host) => postChunked(`${host.service}/echo/x`, ['one ', 'two'])),
    );
    expect(JSON.parse(a?.body ?? '')).toMatchObject({ body: '' });
    expect(JSON.parse(b?.body ?? '')).toMatchObject({ body: 'one two' });
  });

  test('a throw is a plain 500 without streaming', async () => {
    const response = await fetch(`${plain.service}/throws`);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('');
    expect(plain.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        function: 'throws',
        message: expect.stringContaining('broken inside'),
      }),
    );
  });

  test('with streaming a throw leaves the client without an answer until the inactivity limit', async () => {
    const started = performance.now();
    const response = await fetch(`${streaming.service}/throws`);
    expect(response.status).toBe(504);
    expect(performance.now() - started).toBeGreaterThan(350);
    expect(streaming.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        function: 'throws',
        message: expect.stringContaining('broken inside'),
      }),
    );
  });

  test('a handler that returns nothing is 204 without streaming and never answered with it', async () => {
    expect((await fetch(`${plain.service}/nothing`)).status).toBe(204);
    expect((await fetch(`${streaming.service}/nothing`)).status).toBe(504);
  });

  test('repeated query values are comma-joined without streaming and separate with it', async () => {
    const [a, b] = await Promise.all(
      [plain, streaming].map(async (host) => (await fetch(`${host.service}/echo/x?r=1&r=2`)).json()),
    );
    expect(a).toMatchObject({ all: ['1,2'] });
    expect(b).toMatchObject({ all: ['1', '2'] });
  });
});

test('closing lets a request that runs finish and refuses new ones', async () => {
  const host = await startHost(`app.setup({ enableHttpStream: true });${functions}`, hostJson, { env });
  const running = fetch(`${host.service}/slow`);
  await eventually(() => host.lines.some(({ message }) => message === 'slow began'));
  const closing = host.close();
  await expect(fetch(`${host.service}/slow`, { headers: { connection: 'close' } })).rejects.toThrow();
  expect(await (await running).text()).toBe('slow');
  await closing;
});

test('a body over the limit is refused', async () => {
  const host = await startHost(functions, hostJson, { env: { ...env, FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '10' } });
  const response = await fetch(`${host.service}/bytes`, { method: 'POST', body: 'more than ten bytes' });
  expect(response.status).toBe(413);
});

test('the library proxy answers on the loopback only', async () => {
  const { networkInterfaces } = await import('node:os');
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === 'IPv4')?.address;
  const host = await startHost(
    `app.setup({ enableHttpStream: true });
     app.http('ports', { handler: async () => ({ jsonBody: process._getActiveHandles()
       .filter((handle) => typeof handle.address === 'function' && handle.listening !== undefined)
       .map((handle) => handle.address()?.address ?? null).filter(Boolean) }) });`,
    hostJson,
  );
  const addresses = (await (await fetch(`${host.service}/ports`)).json()) as string[];
  expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
  expect(addresses).not.toContain(outside ?? '::');
  await eventually(() => host.lines.length > 0);
});
