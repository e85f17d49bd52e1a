import { randomUUID } from 'node:crypto';
import type { Log, Ports, Scope } from './ports.ts';
import type { Settings } from './settings.ts';

export interface Runtime {
  /** Read at the first call. Throws what reading them throws; the next call reads them again. */
  settings(): Promise<Settings>;
  /** Everything; each outside system's library is loaded when it is first spoken to, so counting errors loads the tables' alone. */
  ports(): Promise<Ports>;
  /** Resolves where settings and the owner's file can be used. Throws what is wrong with them. */
  usable(): Promise<void>;
  /** Ends what was opened. */
  close(): Promise<void>;
}

/**
 * Builds every client once, at its first use, and holds the clock. The settings come as a function: a throw before the functions
 * are registered shows as "0 functions found". Each adapter is reached by `import()`, so that the bundle has one chunk per outside
 * system and the error path, which speaks to the tables alone, loads theirs alone.
 */
export function createRuntime(readSettings: () => Settings, log: Log, scope: Scope): Runtime {
  const now = (): Date => new Date();
  const settings = once(async () => readSettings());
  const apps = once(async () => {
    const { readApps } = await import('./adapters/apps-file/apps.ts');
    return readApps((await settings()).appsFile);
  });
  const identity = once(async () => {
    const { managedIdentity } = await import('./adapters/identity/credential.ts');
    return managedIdentity((await settings()).identityClientId);
  });
  /** The identity where a connection has no key of its own; it is not loaded where all have. */
  const credentialFor = async (connection: object) => {
    if ('connectionString' in connection)
      return () => {
        throw new Error('a connection string needs no credential');
      };
    const credential = await identity();
    return () => credential;
  };

  const stores = once(async () => {
    const { tables } = await settings();
    const { tableStores } = await import('./adapters/tables/stores.ts');
    return tableStores(tables, await credentialFor(tables), now);
  });
  let close: () => Promise<void> = async () => undefined;
  const senders = once(async () => {
    const { serviceBus } = await settings();
    const { busSenders } = await import('./adapters/service-bus/senders.ts');
    const opened = busSenders(serviceBus, await credentialFor(serviceBus), scope.trace);
    close = opened.close;
    return opened;
  });
  const packages = once(async () => {
    const { blobs, allowedNetworks } = await settings();
    const { openPackages } = await import('./adapters/blobs/connect.ts');
    return openPackages(blobs, await credentialFor(blobs), now, allowedNetworks);
  });
  const site = once(async () => {
    const { arm, allowedNetworks } = await settings();
    const { sitePort } = await import('./adapters/app-service/site-port.ts');
    return sitePort(arm.endpoint, await identity(), now, allowedNetworks, scope.trace);
  });
  const slackPorts = (slack: Settings['slack'] & { token: string }) =>
    once(async () => {
      const { openSlackPorts } = await import('./adapters/slack/connect.ts');
      return openSlackPorts(slack);
    });

  const ports = once(async (): Promise<Ports> => {
    const { timing, stopped, slack, allowedNetworks } = await settings();
    const { token, interactivity } = slack;
    const toSlack = token === null ? null : slackPorts({ ...slack, token });
    if (token === null) log.info('there is no Slack token: this app tells people nothing', {});
    if (interactivity === null) log.info('nobody decides in Slack: people decide by POST /api/v1/commands', {});
    return {
      now,
      monotonic: () => performance.now(),
      newId: () => randomUUID(),
      timing,
      stopped,
      apps: await apps(),
      lanes: lazily(async () => (await stores()).lanes),
      inbox: lazily(async () => (await senders()).inbox),
      packageOrders: lazily(async () => (await senders()).packageOrders),
      errorReports: lazily(async () => (await senders()).errorReports),
      events: lazily(async () => (await senders()).events),
      site: lazily(site),
      packages: lazily(packages),
      markers: lazily(async () => (await stores()).markers),
      errors: lazily(async () => (await stores()).errors),
      deadLetters: lazily(async () => (await stores()).deadLetters),
      replayer: lazily(async () => (await senders()).replayer),
      notices: lazily(async () => (await stores()).notices),
      messenger: toSlack === null ? null : lazily(async () => (await toSlack()).messenger),
      responder: lazily(async () => {
        const [{ responder }, { networkOf }] = await Promise.all([
          import('./adapters/slack/responder.ts'),
          import('./adapters/http/public-network.ts'),
        ]);
        return responder(networkOf(allowedNetworks));
      }),
      people: toSlack === null ? null : lazily(async () => (await toSlack()).people),
      log,
      scope,
    };
  });

  return {
    settings,
    ports,
    async usable() {
      await settings();
      await apps();
    },
    close: () => close(),
  };
}

/** Does the work at the first call and keeps its result; a failure is not kept, so that the next call tries again. */
function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let kept: Promise<Value> | null = null;
  return () => {
    kept ??= work().catch((error: unknown) => {
      kept = null;
      throw error;
    });
    return kept;
  };
}

/** Ports whose every function answers with a promise: they can be stood in for by a promise of themselves. */
type AllAsync<Port> = {
  [Name in keyof Port]: Port[Name] extends (...args: never[]) => Promise<unknown> ? Port[Name] : never;
};

/** A port that loads what is behind it when one of its functions is first called, and never before. */
function lazily<Port extends AllAsync<Port> & object>(load: () => Promise<Port>): Port {
  const standIn = new Proxy(
    {},
    {
      get(_, name) {
        // Asked by `await` of every object it meets; a port is no promise.
        if (name === 'then' || typeof name === 'symbol') return undefined;
        return async (...args: unknown[]): Promise<unknown> => {
          const port = (await load()) as Record<string, (...args: unknown[]) => Promise<unknown>>;
          const work = port[name];
          if (work === undefined) throw new TypeError(`there is no ${name} behind this port`);
          return work.apply(port, args);
        };
      },
    },
  );
  return standIn as Port;
}
