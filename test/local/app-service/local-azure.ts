import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSiteManagementClient, type WebSiteManagementClientOptionalParams } from '@azure/arm-appservice';
import { ManagedIdentityCredential } from '@azure/identity';
import type { AppServiceAddresses, AppServiceConfig } from '../../../infra/local/app-service/config.ts';
import type { Received } from '../../../infra/local/app-service/control/request-log.ts';
import { startAppService } from '../../../infra/local/app-service/start.ts';
import { ensureCertificate } from '../../../infra/local/certificate.ts';
import { startIdentity } from '../../../infra/local/identity/start.ts';
import { sampleZip } from './sample-zip.ts';

export const GROUP = 'shop';
export const SUBSCRIPTION = '11111111-2222-3333-4444-555555555555';
export const TOKEN_KEY = 'a key of this test';
export const QUICK = {
  restartMs: 30,
  warmupMs: 30,
  switchMs: 10,
  settleMs: 30,
  publishMs: 20,
  crashRestartMs: 100,
  startLimitMs: 5_000,
  pingTimeoutMs: 1_000,
};

export interface About {
  version: string;
  slot: string;
  mode: string | null;
  flag: string | null;
  pid: number;
}

export interface LocalAzure {
  config: AppServiceConfig;
  addresses: AppServiceAddresses;
  dir: string;
  ca: string;
  client(options?: WebSiteManagementClientOptionalParams): WebSiteManagementClient;
  token(): Promise<string>;
  /** A request to a slot's front door, plain http. */
  ask(slot: string, path?: string): Promise<{ status: number; about: About }>;
  kudu(slot: string, path: string, init?: RequestInit): Promise<Response>;
  /** Publishes a sample app as Kudu's clients do and waits for its end: the deployment. */
  publish(slot: string, zip: Uint8Array, message?: string): Promise<Record<string, unknown>>;
  control(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  received(since?: number): Promise<Received[]>;
  stop(): Promise<void>;
  /** Starts it again on the same folder. */
  start(): Promise<void>;
  /** Ends it for good and removes its folder. */
  end(): Promise<void>;
}

/** A local App Service with one site `storefront`, production running 1.0.0, and the identity that opens it. One per test file. */
export async function localAzure(change: Partial<AppServiceConfig> = {}): Promise<LocalAzure> {
  const dir = mkdtempSync(join(tmpdir(), 'local-azure-'));
  const { certFile, keyFile } = await ensureCertificate(dir);
  const identity = await startIdentity({ port: 0, header: 'secret of this test', tokenKey: TOKEN_KEY });
  process.env.IDENTITY_ENDPOINT = identity.addresses.endpoint;
  process.env.IDENTITY_HEADER = identity.addresses.header;
  const credential = new ManagedIdentityCredential();
  const initial = join(dir, 'initial.zip');
  writeFileSync(initial, sampleZip({ version: '1.0.0' }));
  const config: AppServiceConfig = {
    armPort: 0,
    certificate: { cert: certFile, key: keyFile },
    dataDir: join(dir, 'data'),
    tokenKey: TOKEN_KEY,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: GROUP,
    roleActions: ['Microsoft.Web/sites/*'],
    sites: {
      storefront: {
        slots: ['staging'],
        appSettings: { production: { MODE: 'live', FLAG: 'old' }, staging: { MODE: 'test', FLAG: 'new' } },
        stickySettings: ['MODE'],
        initialZip: { production: initial },
      },
    },
    ...change,
    timing: { ...QUICK, ...change.timing },
  };
  let part = await startAppService(config);
  const ca = readFileSync(certFile, 'utf8');
  const token = async () => (await credential.getToken('https://management.azure.com/.default')).token;
  const hosts = (slot: string) => {
    const found = part.addresses.sites.storefront?.[slot];
    if (found === undefined) throw new Error(`no slot ${slot}`);
    return found;
  };
  const kudu = async (slot: string, path: string, init: RequestInit = {}) =>
    fetch(`http://${hosts(slot).scmHostName}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${await token()}`, ...init.headers },
    });
  return {
    config,
    dir,
    ca,
    token,
    kudu,
    get addresses() {
      return part.addresses;
    },
    client: (options = {}) =>
      new WebSiteManagementClient(credential, SUBSCRIPTION, {
        endpoint: part.addresses.arm,
        tlsOptions: { ca },
        retryOptions: { maxRetries: 0 },
        ...options,
      }),
    async ask(slot, path = '/') {
      const answer = await fetch(`http://${hosts(slot).hostName}${path}`);
      const text = await answer.text();
      return { status: answer.status, about: text.startsWith('{') ? (JSON.parse(text) as About) : noAbout };
    },
    async publish(slot, zip, message = 'a test') {
      const query = new URLSearchParams({
        isAsync: 'true',
        trackDeploymentProgress: 'true',
        deployer: 'test',
        message,
      });
      const accepted = await kudu(slot, `/api/zipdeploy?${query}`, { method: 'POST', body: Buffer.from(zip) });
      if (accepted.status !== 202) throw new Error(`publish was answered ${accepted.status}: ${await accepted.text()}`);
      return until(async () => {
        const deployment = await kudu(slot, `/api/deployments/${accepted.headers.get('scm-deployment-id')}`);
        const found = (await deployment.json()) as Record<string, unknown>;
        return found.complete === true ? found : undefined;
      });
    },
    async control(method, path, body) {
      const init: RequestInit = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const answer = await fetch(`${part.addresses.control}/_control/${path}`, init);
      const text = await answer.text();
      return { httpStatus: answer.status, ...(text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)) };
    },
    async received(since = 0) {
      const answer = await fetch(`${part.addresses.control}/_control/requests?since=${since}`);
      return ((await answer.json()) as { requests: Received[] }).requests;
    },
    stop: () => part.close(),
    async start() {
      part = await startAppService(config);
    },
    async end() {
      await part.close();
      await identity.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const noAbout: About = { version: '', slot: '', mode: null, flag: null, pid: 0 };

/** Asks again until there is an answer; fails after `limitMs`. */
export async function until<T>(ask: () => Promise<T | undefined | false>, limitMs = 30_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    await sleep(15);
  }
  throw new Error(`still not so after ${limitMs} ms: ${ask}`);
}
