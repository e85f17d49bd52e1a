// A small web app as a team would have one: it answers its version from a file inside its package, tells its health, and
// reports its errors. `flaw.json`, also inside the package, says what is wrong with this build, if anything.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const { version, colour } = read('./version.json');
const { flaw } = read('./flaw.json');
const { PORT = '8080', ERRORS_URL, ERRORS_TOKEN, DATABASE = 'none' } = process.env;

class QuoteError extends Error {
  name = 'QuoteError';
}

let served = 0;

function quote() {
  served += 1;
  if (flaw === 'throws' && served % 5 === 0) throw new QuoteError(`no price for item ${served}`);
  return { price: 42, version };
}

const routes = {
  '/version.json': () => ({ version }),
  '/health': () => {
    if (flaw === 'production-setting' && DATABASE === 'production')
      throw new Error('cannot reach the production database');
    return { healthy: true, version };
  },
  '/api/quote': quote,
  '/': () => null,
};

const page = `<!doctype html><meta charset="utf-8"><title>Storefront ${version}</title>
<style>body{font:16px system-ui;display:grid;place-content:center;min-height:90vh;text-align:center}h1{color:${colour};font-size:4rem;margin:0}</style>
<h1>Storefront</h1><p>version ${version}</p>`;

const waiting = [];

/** Errors are sent packed, a few times a second, and never in the way of an answer. */
function report(error, path) {
  waiting.push({
    app: 'storefront',
    environment: 'production',
    version,
    occurredAt: new Date().toISOString(),
    level: 'error',
    exceptions: [{ type: error.name, message: error.message, frames: framesOf(error) }],
    request: { method: 'GET', url: path },
  });
}

function framesOf(error) {
  return [...(error.stack ?? '').matchAll(/at (?:(\S+) \()?(?:file:\/\/)?(\/[^\s)]+?):(\d+):(\d+)/g)].map(
    ([, name, file, line, column]) => ({
      ...(name === undefined ? {} : { function: name }),
      file,
      line: Number(line),
      column: Number(column),
      inApp: !file.includes('node_modules'),
    }),
  );
}

const started = Date.now();
let batch = 0;
let unsent = null;
let sending = null;

/** What could not be sent is sent again under the same id, so that it is counted once. */
function flush() {
  if (ERRORS_URL === undefined) return Promise.resolve();
  sending ??= send().finally(() => {
    sending = null;
  });
  return sending;
}

async function send() {
  while (unsent !== null || waiting.length > 0) {
    unsent ??= {
      specversion: '1.0',
      id: `${version}-${process.pid}-${started}-${++batch}`,
      source: '/storefront',
      type: 'io.warmswap.error.reported',
      time: new Date().toISOString(),
      data: waiting.splice(0, 100),
    };
    const headers = { 'content-type': 'application/cloudevents+json', authorization: `Bearer ${ERRORS_TOKEN}` };
    const signal = AbortSignal.timeout(3_000);
    const answer = await fetch(ERRORS_URL, { method: 'POST', headers, body: JSON.stringify(unsent), signal });
    if (!answer.ok) throw new Error(`the report was answered ${answer.status}`);
    unsent = null;
  }
}

setInterval(() => flush().catch((error) => console.error('could not report errors:', error.message)), 250).unref();

const server = createServer((request, response) => {
  // Every answer, a bad one too, says who gives it.
  response.setHeader('x-storefront-version', version);
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  const route = routes[path];
  if (route === undefined) return void response.writeHead(404).end('not found');
  try {
    const body = route();
    if (body === null) return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } catch (error) {
    report(error, path);
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: error.message }));
  }
});
server.listen(Number(PORT), '127.0.0.1');

/** What is still to be reported goes out before the process does. */
process.on('SIGTERM', () => {
  server.close(() => {
    flush()
      .catch((error) => console.error('could not report errors:', error.message))
      .finally(() => process.exit(0));
  });
});
