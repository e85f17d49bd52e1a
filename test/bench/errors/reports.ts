/** The load: three apps, two hundred different errors of which few are frequent (Zipf, 1.1), ten reports to a message. */
const ERRORS = 200;
const EXPONENT = 1.1;
export const APPS = 3;
export const PACKED = 10;

export interface Message {
  body: object;
  messageId: string;
}

/** So many messages; those of another `round` are other messages with the same errors. */
export function messagesOf(round: string, count: number): Message[] {
  const random = randomOf(round);
  return Array.from({ length: count }, (_, index) => {
    const app = index % APPS;
    const data = Array.from({ length: PACKED }, () => report(app, zipf(random()), random));
    const id = `${round}-${index}`;
    return { messageId: id, body: event(`/bench/app${app}`, id, data) };
  });
}

function event(source: string, id: string, data: object[]): object {
  return { specversion: '1.0', type: 'io.warmswap.error.reported', source, id, time: new Date().toISOString(), data };
}

function report(app: number, error: number, random: () => number): object {
  const frames = Array.from({ length: 14 }, (_, depth) => ({
    function: depth < 8 ? `Step${error}.of${depth}` : `Layer.handle${depth}`,
    module: depth < 8 ? `shop/area${error % 20}/step${depth}` : 'express/lib/router/layer',
    file:
      depth < 8
        ? `/home/site/wwwroot/dist/area${error % 20}/step${depth}.js`
        : '/home/site/wwwroot/node_modules/express/lib/router/layer.js',
    line: 10 + depth,
    column: 7,
    inApp: depth < 8,
  }));
  return {
    app: `bench${app}`,
    environment: 'production',
    version: '1.2.0',
    occurredAt: new Date().toISOString(),
    level: 'error',
    exceptions: [
      { type: `Failure${error}`, message: `order ${Math.floor(random() * 1e6)} could not be placed`, frames },
    ],
    user: { id: String(Math.floor(random() * 1e5)) },
    request: { method: 'post', url: `https://shop.example.com/checkout/${Math.floor(random() * 1e6)}?step=2` },
    host: `web${Math.floor(random() * 8)}`,
    tags: { region: 'westeurope' },
  };
}

const weights = Array.from({ length: ERRORS }, (_, rank) => 1 / (rank + 1) ** EXPONENT);
const whole = weights.reduce((sum, weight) => sum + weight, 0);

function zipf(chance: number): number {
  let left = chance * whole;
  for (const [error, weight] of weights.entries()) {
    left -= weight;
    if (left <= 0) return error;
  }
  return ERRORS - 1;
}

/** Mulberry32: the same text gives the same numbers from 0 to 1. */
function randomOf(seed: string): () => number {
  let state = [...seed].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), 2_166_136_261);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
