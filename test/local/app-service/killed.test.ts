import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppServiceAddresses, AppServiceConfig } from '../../../infra/local/app-service/config.ts';
import type { StoredOperation } from '../../../infra/local/app-service/state.ts';
import { GROUP, type LocalAzure, localAzure, SUBSCRIPTION, until } from './local-azure.ts';
import { sampleZip } from './sample-zip.ts';

let azure: LocalAzure;
const started: ChildProcess[] = [];
beforeAll(async () => {
  azure = await localAzure();
  await azure.publish('staging', sampleZip({ version: '1.1.0' }));
  // From here on the same folder is served by a process of its own, which can be killed.
  await azure.stop();
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await azure.start();
  await azure.end();
});

interface Running {
  child: ChildProcess;
  addresses: AppServiceAddresses;
  state(): Promise<{ slots: Record<string, { pid: number | null }>; operation: StoredOperation | null }>;
  swap(): Promise<string>;
  poll(location: string): Promise<number>;
  look(): Promise<Record<string, unknown>>;
  kill(): Promise<void>;
}

/** The part as it runs in earnest: the built file, its configuration as JSON, one line with its addresses when it answers. */
async function run(change: Partial<AppServiceConfig> = {}): Promise<Running> {
  const config = { ...azure.config, ...change };
  const child = spawn(process.execPath, ['dist/local/app-service.js', JSON.stringify(config)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  started.push(child);
  const line = await new Promise<string>((ready, failed) => {
    child.stdout?.once('data', (data: Buffer) => ready(data.toString()));
    child.once('exit', (code) => failed(new Error(`ended with ${code}`)));
  });
  const { ready, ...addresses } = JSON.parse(line) as AppServiceAddresses & { ready: boolean };
  if (!ready) throw new Error(line);
  const authorization = `Bearer ${await azure.token()}`;
  const host = addresses.arm.replace('https', 'http');
  const base = `${host}/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}/providers/Microsoft.Web/sites/storefront`;
  const doorAnswers = async (slot: string) =>
    until(async () => {
      const answer = await fetch(`http://${addresses.sites.storefront?.[slot]?.hostName}/`);
      return answer.status === 200 && ((await answer.json()) as { version: string; mode: string });
    });
  return {
    child,
    addresses,
    async state() {
      const all = (await (await fetch(`${addresses.control}/_control/state`)).json()) as {
        sites: Record<string, Awaited<ReturnType<Running['state']>>>;
      };
      if (all.sites.storefront === undefined) throw new Error('no storefront');
      return all.sites.storefront;
    },
    async swap() {
      const body = JSON.stringify({ targetSlot: 'production', preserveVnet: true });
      const answer = await fetch(`${base}/slots/staging/slotsswap?api-version=2025-05-01`, {
        method: 'POST',
        headers: { authorization },
        body,
      });
      return answer.headers.get('location') ?? '';
    },
    async poll(location) {
      return (await fetch(location.replace('https', 'http'), { headers: { authorization } })).status;
    },
    async look() {
      const site = (await (await fetch(`${base}?api-version=2025-05-01`, { headers: { authorization } })).json()) as {
        properties: Record<string, unknown>;
      };
      const scm = `http://${addresses.sites.storefront?.production?.scmHostName}/api/deployments`;
      const deployments = (await (await fetch(scm, { headers: { authorization } })).json()) as {
        id: string;
        active: boolean;
      }[];
      const [production, staging] = await Promise.all([doorAnswers('production'), doorAnswers('staging')]);
      return {
        production: [production.version, production.mode],
        staging: [staging.version, staging.mode],
        activeId: deployments.find(({ active }) => active)?.id,
        stamp: (site.properties.slotSwapStatus as { timestampUtc: string } | null)?.timestampUtc ?? null,
        operation: site.properties.inProgressOperationId,
      };
    },
    async kill() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const phase = (part: Running, wanted: string) => until(async () => (await part.state()).operation?.phase === wanted);

test('killed between two calls: sites, settings, deployments, ports and the list of calls are there again, and no process outlives it', async () => {
  const first = await run();
  const before = await first.look();
  const pids = Object.values((await first.state()).slots).flatMap(({ pid }) => pid ?? []);
  expect(pids).toHaveLength(2);
  await first.kill();
  await until(async () => !pids.some(isAlive));
  const second = await run();
  expect(second.addresses).toEqual(first.addresses);
  expect(await second.look()).toEqual(before);
  const { requests } = (await (await fetch(`${second.addresses.control}/_control/requests`)).json()) as {
    requests: { n: number; path: string; status: number | null }[];
  };
  expect(requests.map(({ n }) => n)).toEqual(requests.map((_, index) => index + 1));
  expect(requests.some(({ path, status }) => path.includes('zipdeploy') && status === 202)).toBe(true);
  await second.kill();
});

test('killed during a swap: before the exchange it has failed, after it it is complete', async () => {
  const slow = { ...azure.config.timing, warmupMs: 60_000 };
  const first = await run({ timing: slow });
  const before = await first.look();
  const location = await first.swap();
  await phase(first, 'warming');
  await first.kill();

  const second = await run({ timing: { ...azure.config.timing, settleMs: 60_000 } });
  expect(await second.poll(location)).toBe(500);
  expect(await second.look()).toEqual(before);
  const again = await second.swap();
  await phase(second, 'settling');
  expect(await second.poll(again)).toBe(202);
  await second.kill();

  const third = await run();
  expect(await third.poll(again)).toBe(200);
  const after = await third.look();
  expect(after).toMatchObject({
    production: [(before.staging as string[])[0], 'live'],
    staging: [(before.production as string[])[0], 'test'],
    operation: null,
  });
  expect(after.stamp).not.toBe(before.stamp);
  expect(after.activeId).not.toBe(before.activeId);
  await third.kill();
});

test('killed during a publish: that deployment has failed, the content before it goes on', async () => {
  const first = await run({ timing: { ...azure.config.timing, publishMs: 60_000 } });
  const before = await first.look();
  const headers = { authorization: `Bearer ${await azure.token()}` };
  const scm = (part: Running) => `http://${part.addresses.sites.storefront?.staging?.scmHostName}/api`;
  const init = { method: 'POST', headers, body: Buffer.from(sampleZip({ version: '9.9.9' })) };
  const accepted = await fetch(`${scm(first)}/zipdeploy?isAsync=true&trackDeploymentProgress=true`, init);
  const id = accepted.headers.get('scm-deployment-id');
  await first.kill();
  const second = await run();
  expect(await (await fetch(`${scm(second)}/deployments/${id}`, { headers })).json()).toMatchObject({
    status: 3,
    complete: true,
    active: false,
  });
  expect(await second.look()).toEqual(before);
  await second.kill();
});

test('it ends, and its children with it, when its standard input closes', async () => {
  const part = await run();
  const pids = Object.values((await part.state()).slots).flatMap(({ pid }) => pid ?? []);
  const ended = new Promise((resolve) => part.child.once('exit', resolve));
  part.child.stdin?.end();
  expect(await ended).toBe(0);
  await until(async () => !pids.some(isAlive));
});

test('a configured port that is in use is a clear fault', async () => {
  const other = createServer();
  const port = await new Promise<number>((listening) => {
    other.listen(0, '127.0.0.1', () => listening((other.address() as { port: number }).port));
  });
  const child = spawn(
    process.execPath,
    ['dist/local/app-service.js', JSON.stringify({ ...azure.config, armPort: port })],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  started.push(child);
  let said = '';
  child.stderr?.on('data', (data: Buffer) => {
    said += data.toString();
  });
  // At its close everything it said has arrived.
  const code = await new Promise((resolve) => child.once('close', resolve));
  other.close();
  expect(code).toBe(1);
  expect(said).toBe(`app-service: port ${port} is in use; choose another with --port-base\n`);
});
