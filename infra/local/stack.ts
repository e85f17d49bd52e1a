import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppServiceAddresses } from './app-service/config.ts';
import { ensureCertificate } from './certificate.ts';
import { type Child, startChild } from './child.ts';
import declaration from './declaration.json' with { type: 'json' };
import { makeBuild } from './demo/sample-build.ts';
import { root } from './root.ts';
import { type ServiceProcess, startService } from './service-process.ts';
import { entitiesWith } from './stack-entities.ts';
import { siteEvents } from './stack-event-grid.ts';
import { portsFrom } from './stack-ports.ts';
import { readSecrets, tokenOf } from './stack-secrets.ts';
import { frontDoors, PORTS_OF_A_SITE, readLaneSites, siteConfig } from './stack-sites.ts';
import { installedSlackApp, slackSettings } from './stack-slack.ts';
import { declareStorage, storageConnection } from './stack-storage.ts';

/** The local Azure and the service on it: start.ts and the demo alone know both. */
export interface StackOptions {
  /** 0: free ports; else the first of a run of ports. */
  portBase: number;
  dataDir: string;
  appsFile: string;
  /** Durations of the test profile to change, in milliseconds. */
  timing?: Record<string, number>;
  siteTiming?: Record<string, number>;
  /** Further app settings of the service; made once storage answers at the given connection string. */
  settings?: (storage: string) => Promise<Record<string, string>>;
  /** How long a message or session stays locked, of every entity; as declared where it is left out. */
  lockSeconds?: number;
  /** Further bearer tokens with every right, by the name of who has them. */
  people?: Record<string, string>;
  /** Forget storage at the end. */
  inMemory?: boolean;
  /** What runs the service; absent: our own functions host. */
  host?: typeof startService;
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

/** The service, the broker, three of storage, ARM, its control side, Slack, identity and Event Grid. */
const PORTS_OF_THE_PARTS = 10;

/** Starts every part, declares what the service needs in it, then the service; resolves when each answers. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir } = options;
  const sites = readLaneSites(options.appsFile);
  const ports = await portsFrom(options.portBase, PORTS_OF_THE_PARTS + sites.length * PORTS_OF_A_SITE);
  mkdirSync(dataDir, { recursive: true });
  const secrets = readSecrets(join(dataDir, 'secrets.json'));
  const certificate = await ensureCertificate(join(dataDir, 'certificate'));
  const logDir = join(dataDir, 'logs');
  const parts: Promise<Child<unknown>>[] = [];
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
    // A part may wait for another's address, and that for one that could not start: nothing begins any more then.
    if (closing) throw new Error(`${part} is not started: the rest is being ended`);
    const starting = startChild<Addresses>(part, config, { env, logDir });
    parts.push(starting);
    const child = await starting;
    void child.ended.then(() =>
      closing ? undefined : reportBroken(`${part} ended; see ${join(logDir, `${part}.log`)}`),
    );
    return child;
  };
  const close = async (): Promise<void> => {
    closing = true;
    await service?.stop();
    // One that is still starting when another could not start is waited for, then stopped like the rest.
    await Promise.allSettled(parts.map(async (starting) => (await starting).stop()));
  };

  try {
    const servicePort = ports();
    const busPort = ports();
    const storagePorts = { blobPort: ports(), queuePort: ports(), tablePort: ports() };
    const [armPort, controlPort, slackPort, identityPort, eventsPort] = [ports(), ports(), ports(), ports(), ports()];
    const sitePorts = () => ({
      production: ports(),
      staging: ports(),
      productionScm: ports(),
      stagingScm: ports(),
    });
    const serviceAddress = `http://127.0.0.1:${servicePort}`;
    const bus = {
      port: busPort,
      dataDir: join(dataDir, 'service-bus'),
      keyName: 'local',
      key: secrets.busKey,
      entities: entitiesWith(options.lockSeconds),
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
      subscriptionId: sites[0]?.site.subscriptionId ?? '',
      resourceGroup: sites[0]?.site.resourceGroup ?? '',
      roleActions: declaration.roleActions,
      timing: options.siteTiming ?? {},
      events: { endpoint: `http://127.0.0.1:${eventsPort}/api/events`, key: secrets.eventGridKey },
      sites: Object.fromEntries(
        sites.map((each) => [each.site.name, siteConfig(each, sitePorts(), initial, serviceAddress, secrets)]),
      ),
    };
    const slack = {
      port: slackPort,
      token: secrets.slackToken,
      dataFile: join(dataDir, 'slack.json'),
      ...installedSlackApp(secrets, serviceAddress),
    };
    const identity = { port: identityPort, header: secrets.identityHeader, tokenKey: secrets.tokenKey };
    const startingBus = start<{ connectionString: string }>('service-bus', bus);
    const [busPart, , sitePart, slackPart, identityPart] = await Promise.all([
      startingBus,
      start('storage', storage),
      start<AppServiceAddresses>('app-service', site),
      start<{ api: string; page: string }>('slack', slack),
      start<{ endpoint: string; header: string }>('identity', identity),
      startingBus.then(({ addresses }) =>
        start('event-grid', siteEvents(eventsPort, secrets.eventGridKey, addresses.connectionString)),
      ),
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
        WARMSWAP_ALLOWED_NETWORKS: '127.0.0.0/8,::1/128',
        ...slackSettings(secrets, slackPart.addresses.api),
        WARMSWAP_TOKENS: JSON.stringify(
          Object.entries({ 'local operator': secrets.operatorToken, ...options.people }).map(([name, token]) =>
            tokenOf(name, token),
          ),
        ),
        WARMSWAP_PROFILE: 'test',
        ...(options.timing === undefined ? {} : { WARMSWAP_TIMING: JSON.stringify(options.timing) }),
        ...(await options.settings?.(connectionString)),
      },
    };
    const env = { NODE_EXTRA_CA_CERTS: certificate.certFile };
    const host = await (options.host ?? startService)(hostConfig, { env, logDir }, (what) => reportBroken(what));
    service = host;
    await firstContact(serviceAddress);
    const addresses: StackAddresses = {
      service: serviceAddress,
      serviceBus: busPart.addresses.connectionString,
      storage: connectionString,
      arm: sitePart.addresses.arm,
      slack: slackPart.addresses.page,
      sites: Object.fromEntries(
        sites.map(({ lane, site: { name, slot } }) => [lane, frontDoors(sitePart.addresses, name, slot)]),
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

/** The sweep finds the lanes nobody touched yet; on Azure its timer does that within a minute. */
async function firstContact(service: string): Promise<void> {
  await fetch(`${service}/admin/functions/sweep`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
}
