import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Received } from '../../infra/local/app-service/control/request-log.ts';
import { type Announcer, openAnnouncer } from '../../infra/local/demo/announce.ts';
import { type Stack, type StackOptions, startStack } from '../../infra/local/stack.ts';
import { Answers, ARTEFACT, findNoCanary, plantInStack } from '../canaries.ts';
import { type ServiceApi, serviceApi } from './service-api.ts';

/** A local Azure with the service on it, in processes of their own, on free ports and in a folder of its own. */
export interface RunningStack {
  stack: Stack;
  dir: string;
  announcer: Announcer;
  /** With the operator's token. */
  api: ServiceApi;
  /** Every call ARM and Kudu received, in order. */
  received(): Promise<Received[]>;
  /** Arms a fault of the local App Service, or with `null` takes all away. */
  siteFault(fault: object | null): Promise<void>;
  slackFault(fault: object | null): Promise<void>;
  close(): Promise<void>;
}

/** What a site does takes as little time as its real processes need. */
const QUICK_SITE = { restartMs: 50, warmupMs: 50, switchMs: 20, settleMs: 50, publishMs: 50, crashRestartMs: 300 };

/** A busy machine may be slow: nothing is taken for lost that only takes its time. */
const UNHURRIED = { functionTimeoutMs: 12_000, requestDeadlineMs: 6_000, claimMs: 6_000, quietMs: 18_500 };

/** `apps`: the text of apps.yaml. */
export async function runningStack(
  apps: string,
  options: Pick<StackOptions, 'timing' | 'siteTiming' | 'settings' | 'lockSeconds' | 'people' | 'host'> = {},
): Promise<RunningStack> {
  const dir = mkdtempSync(join(tmpdir(), 'warmswap-life-'));
  const appsFile = join(dir, 'apps.yaml');
  writeFileSync(appsFile, apps);
  const dataDir = join(dir, 'data');
  plantInStack(dataDir);
  const stack = await startStack({
    portBase: 0,
    dataDir,
    appsFile,
    inMemory: true,
    siteTiming: QUICK_SITE,
    ...options,
    timing: { ...UNHURRIED, ...options.timing },
  });
  const { addresses } = stack;
  const announcer = openAnnouncer(addresses);
  const answers = new Answers();
  const control = async (url: string, fault: object | null): Promise<void> => {
    const init = fault === null ? { method: 'DELETE' } : { method: 'POST', body: JSON.stringify(fault) };
    const answer = await fetch(url, init);
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  };
  return {
    stack,
    dir,
    announcer: {
      ...announcer,
      // Storage reads its own part of the address and passes over the rest.
      upload: async (name, zip) => `${await announcer.upload(name, zip)}&mark=${ARTEFACT}`,
    },
    api: serviceApi(addresses.service, addresses.token, answers),
    async received() {
      const answer = await fetch(`${addresses.control}/_control/requests`);
      return ((await answer.json()) as { requests: Received[] }).requests;
    },
    siteFault: (fault) => control(`${addresses.control}/_control/faults`, fault),
    slackFault: (fault) => control(new URL('/_control/faults', addresses.slack).href, fault),
    async close() {
      await announcer.close();
      try {
        await findNoCanary({ ...addresses, logDir: join(dataDir, 'logs'), answers });
      } finally {
        await stack.close();
        rmSync(dir, { recursive: true, force: true });
      }
    },
  };
}
