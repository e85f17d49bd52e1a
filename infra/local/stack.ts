import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import type { SiteRef } from '../../shared/lane/policy.ts';
import { parseApps } from '../../shared/wire/policy/apps-file.ts';
import type { AppServiceAddresses } from './app-service/config.ts';
import { ensureCertificate } from './certificate.ts';
import { type Child, startChild } from './child.ts';
import declaration from './declaration.json' with { type: 'json' };
import { makeBuild } from './demo/sample-build.ts';
import { root } from './root.ts';
import { type ServiceProcess, startService } from './service-process.ts';

/** The local Azure and the service on it: start.ts and the demo alone know both. */
export interface StackOptions {
  /** 0: free ports; else the first of a run of ports. */
  portBase: number;
  dataDir: string;
  appsFile: string;
  /** Durations of the test profile to change, in milliseconds. */
  timing?: Record<string, number>;
  siteTiming?: Record<string, number>;
  /** Further app settings of the service. */
  settings?: Record<string, string>;
  /** Forget storage at the end. */
  inMemory?: boolean;
}

export interface StackAddresses {
  service: string;
  serviceBus: string;
  storage: string;
  arm: string;
  slack: string;
  sites: Record<string, { production: string; staging: string }>;
  /** Bearer token of the local operator, with every right. */
  token: string;
  control: string;
}

export interface Stack {
  addresses: StackAddresses;
  /** The service's own process: it may be killed and started again. */
  host: ServiceProcess;
  /** Ends when any part ends that was not asked to. */
  broken: Promise<string>;
  close(): Promise<void>;
}

interface LocalSecrets {
  busKey: string;
  identityHeader: string;
  tokenKey: string;
  slackToken: string;
  operatorToken: string;
}

const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Starts every part, declares what the service needs in it, then the service; resolves when each answers. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir } = options;
  mkdirSync(dataDir, { recursive: true });
  const apps = readApps(options.appsFile);
  const ports = await portsFrom(options.portBase);
  const secrets = readSecrets(join(dataDir, 'secrets.json'));
  const certificate = await ensureCertificate(join(dataDir, 'certificate'));
  const logDir = join(dataDir, 'logs');
  const parts: Child<unknown>[] = [];
  let closing = false;
  let service: ServiceProcess | undefined;
  let reportBroken: (what: string) => void = () => {};
  const broken = new Promise<string>((resolve) => {
    reportBroken = resolve;
  });
  const start = async <Addresses>(
    part: string,
    config: object,
    env: Record<string, string> = {},
  ): Promise<Child<Addresses>> => {
    const child = await startChild<Addresses>(part, config, { env, logDir });
    parts.push(child);
    void child.ended.then(() =>
      closing ? undefined : reportBroken(`${part} ended; see ${join(logDir, `${part}.log`)}`),
    );
    return child;
  };
  const close = async (): Promise<void> => {
    closing = true;
    await service?.stop();
    await Promise.all(parts.map((part) => part.stop()));
  };

  try {
    const servicePort = ports();
    const busPort = ports();
    const storagePorts = { blobPort: ports(), queuePort: ports(), tablePort: ports() };
    const [armPort, controlPort, slackPort, identityPort] = [ports(), ports(), ports(), ports()];
    const sitePorts = apps.sites.map(() => ({
      production: ports(),
      staging: ports(),
      productionScm: ports(),
      stagingScm: ports(),
    }));
    const serviceAddress = `http://127.0.0.1:${servicePort}`;
    const bus = {
      port: busPort,
      dataDir: join(dataDir, 'service-bus'),
      keyName: 'local',
      key: secrets.busKey,
      entities: declaration.serviceBus,
    };
    const storage = options.inMemory ? storagePorts : { ...storagePorts, dataDir: join(dataDir, 'storage') };
    const initial = join(dataDir, 'storefront-0.9.0.zip');
    writeFileSync(initial, makeBuild('0.9.0').zip);
    const site = {
      armPort,
      controlPort,
      certificate: { cert: certificate.certFile, key: certificate.keyFile },
      dataDir: join(dataDir, 'app-service'),
      tokenKey: secrets.tokenKey,
      subscriptionId: apps.sites[0]?.site.subscriptionId ?? '',
      resourceGroup: apps.sites[0]?.site.resourceGroup ?? '',
      roleActions: declaration.roleActions,
      timing: options.siteTiming ?? {},
      sites: Object.fromEntries(
        apps.sites.map((each, index) => [
          each.site.name,
          siteConfig(each, sitePorts[index], initial, serviceAddress, secrets),
        ]),
      ),
    };
    const slack = {
      port: slackPort,
      token: secrets.slackToken,
      dataFile: join(dataDir, 'slack.json'),
      botName: 'Warmswap',
    };
    const identity = { port: identityPort, header: secrets.identityHeader, tokenKey: secrets.tokenKey };
    const [busPart, , sitePart, slackPart, identityPart] = await Promise.all([
      start<{ connectionString: string }>('service-bus', bus),
      start('storage', storage),
      start<AppServiceAddresses>('app-service', site),
      start<{ api: string; page: string }>('slack', slack),
      start<{ endpoint: string; header: string }>('identity', identity),
    ]);
    const connectionString = storageConnection(storagePorts);
    await declareStorage(connectionString);
    const hostConfig = {
      appDir: join(root, 'dist/app'),
      port: servicePort,
      env: {
        ServiceBus: busPart.addresses.connectionString,
        Storage: connectionString,
        AzureWebJobsStorage: connectionString,
        IDENTITY_ENDPOINT: identityPart.addresses.endpoint,
        IDENTITY_HEADER: identityPart.addresses.header,
        WEBSITE_HOSTNAME: `127.0.0.1:${servicePort}`,
        WARMSWAP_APPS_FILE: options.appsFile,
        WARMSWAP_ARM_ENDPOINT: sitePart.addresses.arm,
        WARMSWAP_SLACK_TOKEN: secrets.slackToken,
        WARMSWAP_SLACK_API_URL: slackPart.addresses.api,
        WARMSWAP_TOKENS: JSON.stringify([tokenOf('local operator', secrets.operatorToken)]),
        WARMSWAP_PROFILE: 'test',
        ...(options.timing === undefined ? {} : { WARMSWAP_TIMING: JSON.stringify(options.timing) }),
        ...options.settings,
      },
    };
    const env = { NODE_EXTRA_CA_CERTS: certificate.certFile };
    const host = await startService(hostConfig, { env, logDir }, (what) => reportBroken(what));
    service = host;
    await firstContact(serviceAddress);
    const addresses: StackAddresses = {
      service: serviceAddress,
      serviceBus: busPart.addresses.connectionString,
      storage: connectionString,
      arm: sitePart.addresses.arm,
      slack: slackPart.addresses.page,
      sites: Object.fromEntries(
        apps.sites.map(({ lane, site: { name, slot } }) => [lane, frontDoors(sitePart.addresses, name, slot)]),
      ),
      token: secrets.operatorToken,
      control: sitePart.addresses.control,
    };
    return { addresses, host, broken, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface LaneSite {
  lane: string;
  site: SiteRef;
  ping: { path: string; statuses: string };
}

function readApps(file: string): { sites: LaneSite[] } {
  if (!existsSync(file)) throw new Error(`there is no file ${file}; name one with --app`);
  const parsed = parseApps(readFileSync(file, 'utf8'));
  if (!parsed.ok) throw new Error(`${file} cannot be used: ${parsed.why}`);
  const sites = parsed.value.lanes().flatMap((lane) => {
    const policy = parsed.value.policy(lane);
    if (policy === null) return [];
    const ping = { path: policy.warmUp.path, statuses: policy.warmUp.statuses.join(',') };
    return [{ lane, site: policy.site, ping }];
  });
  const accounts = new Set(sites.map(({ site }) => `${site.subscriptionId}/${site.resourceGroup}`));
  if (accounts.size > 1) throw new Error(`${file}: the local App Service holds the sites of one resource group only`);
  return { sites };
}

/** Production has settings of its own that stay when content moves; the sample app reports its errors only there. */
function siteConfig(
  { site, ping }: LaneSite,
  ports: Record<string, number> | undefined,
  zip: string,
  service: string,
  secrets: LocalSecrets,
): object {
  const warmUp = { WEBSITE_SWAP_WARMUP_PING_PATH: ping.path, WEBSITE_SWAP_WARMUP_PING_STATUSES: ping.statuses };
  return {
    slots: [site.slot],
    ports: {
      production: ports?.production ?? 0,
      [site.slot]: ports?.staging ?? 0,
      'production.scm': ports?.productionScm ?? 0,
      [`${site.slot}.scm`]: ports?.stagingScm ?? 0,
    },
    appSettings: {
      production: {
        ...warmUp,
        DATABASE: 'production',
        ERRORS_URL: `${service}/api/v1/errors`,
        ERRORS_TOKEN: secrets.operatorToken,
      },
      [site.slot]: { DATABASE: 'staging' },
    },
    stickySettings: [
      'DATABASE',
      'ERRORS_URL',
      'ERRORS_TOKEN',
      'WEBSITE_SWAP_WARMUP_PING_PATH',
      'WEBSITE_SWAP_WARMUP_PING_STATUSES',
    ],
    initialZip: { production: zip, [site.slot]: zip },
  };
}

function frontDoors(
  addresses: AppServiceAddresses,
  site: string,
  slot: string,
): { production: string; staging: string } {
  const slots = addresses.sites[site] ?? {};
  const at = (name: string): string => `http://${slots[name]?.hostName ?? ''}`;
  return { production: at('production'), staging: at(slot) };
}

/** Secrets of this folder's local Azure: made once, so that what was started before is found again. */
function readSecrets(file: string): LocalSecrets {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as LocalSecrets;
  const secret = (): string => randomBytes(24).toString('hex');
  const made: LocalSecrets = {
    busKey: secret(),
    identityHeader: secret(),
    tokenKey: secret(),
    slackToken: `xoxb-${secret()}`,
    operatorToken: secret(),
  };
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function tokenOf(name: string, token: string): object {
  return {
    name,
    sha256: createHash('sha256').update(token).digest('hex'),
    rights: ['read', 'report', 'deploy', 'command'],
  };
}

function storageConnection({ blobPort, tablePort }: { blobPort: number; tablePort: number }): string {
  const at = (port: number): string => `http://127.0.0.1:${port}/${account}`;
  return `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};BlobEndpoint=${at(blobPort)};TableEndpoint=${at(tablePort)};`;
}

/** What the templates declare on Azure. */
async function declareStorage(connectionString: string): Promise<void> {
  const tables = TableServiceClient.fromConnectionString(connectionString, { allowInsecureConnection: true });
  for (const table of declaration.storage.tables) await tables.createTable(table);
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  for (const container of [...declaration.storage.containers, 'builds'])
    await blobs.getContainerClient(container).createIfNotExists();
}

/** The sweep finds the lanes nobody touched yet; on Azure its timer does that within a minute. */
async function firstContact(service: string): Promise<void> {
  await fetch(`${service}/admin/functions/sweep`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
}

/** Gives out ports one after the other, from the base on or free ones. */
async function portsFrom(base: number): Promise<() => number> {
  if (base > 0) {
    let next = base;
    return () => next++;
  }
  const free = await freePorts(40);
  return () => {
    const port = free.pop();
    if (port === undefined) throw new Error('too many sites for one local Azure');
    return port;
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve, reject) =>
        server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server)),
      );
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}
