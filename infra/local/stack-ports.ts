import { createServer } from 'node:net';

/** Below the ports a machine gives to its outgoing connections, Linux from 32768 on: those would be taken again at any time. */
const FREE_FROM = 12_000;
const FREE_TO = 32_000;

/** Gives out `count` ports one after the other, from the base on or, with base 0, free ones. */
export async function portsFrom(base: number, count: number): Promise<() => number> {
  if (base + count > 65_536)
    throw new Error(`${count} ports are needed; --port-base must be at most ${65_536 - count}, not ${base}`);
  const ports = base > 0 ? Array.from({ length: count }, (_, index) => base + index) : await freePorts(count);
  return () => {
    const port = ports.shift();
    if (port === undefined) throw new Error('more ports were asked for than were counted');
    return port;
  };
}

async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  let port = FREE_FROM + Math.floor(Math.random() * (FREE_TO - FREE_FROM));
  for (let tried = 0; tried < FREE_TO - FREE_FROM && found.length < count; tried += 1) {
    if (await isFree(port)) found.push(port);
    port = port + 1 < FREE_TO ? port + 1 : FREE_FROM;
  }
  if (found.length < count) throw new Error(`there are no ${count} free ports from ${FREE_FROM} to ${FREE_TO}`);
  return found;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
