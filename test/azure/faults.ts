import { isDeepStrictEqual } from 'node:util';
import { apps, disabledIn, optionalSettings, ownSettings, platformSettings, settingsOf } from './apps.ts';
import type { BicepFile } from './bicep.ts';
import { declaredBy, variable } from './declared.ts';

/** infra/local/declaration.json, as far as it is compared. */
export interface Declaration {
  serviceBus: {
    queues: Record<string, object>;
    topics: Record<string, { subscriptions: Record<string, object> }>;
  };
  eventGrid: { queue: string; eventTypes: string[] };
  storage: { tables: string[]; containers: string[] };
  roleActions: string[];
}

/** What is in only one of two lists, or twice in one. */
function apart(what: string, bicep: readonly string[], other: readonly string[], called: string): string[] {
  const twice = bicep.filter((each, index) => bicep.indexOf(each) !== index);
  return [
    ...bicep.filter((each) => !other.includes(each)).map((each) => `${what} ${each} is in Bicep and not in ${called}`),
    ...other.filter((each) => !bicep.includes(each)).map((each) => `${what} ${each} is in ${called} and not in Bicep`),
    ...twice.map((each) => `${what} ${each} is in Bicep twice`),
  ];
}

function unlike(what: string, bicep: Record<string, object>, local: Record<string, object>): string[] {
  const both = Object.keys(bicep).filter((name) => Object.hasOwn(local, name));
  return [
    ...apart(what, Object.keys(bicep), Object.keys(local), 'declaration.json'),
    ...both
      .filter((name) => !isDeepStrictEqual(bicep[name], local[name]))
      .map((name) => `${what} ${name}: Bicep ${JSON.stringify(bicep[name])}, local ${JSON.stringify(local[name])}`),
  ];
}

/** Queues, topics, subscriptions, tables, containers, role actions and event types: both ways, with their properties. */
export function entityFaults(files: readonly BicepFile[], local: Declaration): string[] {
  const declared = declaredBy(files);
  const { topics } = local.serviceBus;
  const bare = Object.fromEntries(
    Object.entries(topics).map(([name, { subscriptions: _, ...topic }]) => [name, topic]),
  );
  const subscriptions = Object.assign({}, ...Object.values(topics).map((topic) => topic.subscriptions)) as Record<
    string,
    object
  >;
  const called = 'declaration.json';
  return [
    ...unlike('queue', declared.queues, local.serviceBus.queues),
    ...unlike('topic', declared.topics, bare),
    ...unlike('subscription', declared.subscriptions, subscriptions),
    ...apart('table', declared.tables, local.storage.tables, called),
    ...apart('container', declared.containers, local.storage.containers, called),
    ...apart('role action', declared.roleActions, local.roleActions, called),
    ...apart('event type', declared.eventTypes, local.eventGrid.eventTypes, called),
    ...apart('queue of Event Grid', [declared.eventsQueue], [local.eventGrid.queue], called),
  ];
}

/** Each registered function runs in exactly one app; those with HTTP triggers in the ingress. */
export function functionFaults(files: readonly BicepFile[], registered: { name: string; isHttp: boolean }[]): string[] {
  const disabled = new Map(apps.map((app) => [app, disabledIn(settingsOf(files, app))]));
  const names = registered.map(({ name }) => name);
  const told = [...disabled.values()].flat();
  return [
    ...apart('function', told, names, 'the app'),
    ...registered.flatMap(({ name, isHttp }) => {
      const home = isHttp ? 'ingress' : 'deployer';
      return apps
        .filter((app) => (disabled.get(app) ?? []).includes(name) === (app === home))
        .map((app) => `function ${name} ${app === home ? 'does not run' : 'runs'} in the ${app}`);
    }),
  ];
}

/** `read`: every setting the code asks for. */
export function settingFaults(files: readonly BicepFile[], read: readonly string[]): string[] {
  const set = new Map(apps.map((app) => [app, Object.keys(settingsOf(files, app))]));
  const all = [...new Set([...set.values()].flat())].filter((name) => !/^AzureWebJobs\./.test(name));
  return [
    ...all
      .filter((name) => !read.includes(name) && !Object.hasOwn(platformSettings, name))
      .map((name) => `setting ${name} is in Bicep and nobody reads it`),
    ...read
      .filter((name) => !all.includes(name) && !Object.hasOwn(optionalSettings, name))
      .map((name) => `setting ${name} is read and not in Bicep`),
    ...Object.keys({ ...platformSettings, ...ownSettings })
      .filter((name) => !all.includes(name))
      .map((name) => `setting ${name} has a reason and is not in Bicep`),
    ...Object.keys(optionalSettings)
      .filter((name) => all.includes(name) || !read.includes(name))
      .map((name) => `setting ${name} is called optional, and is set or not read`),
    ...apps.flatMap((app) =>
      all
        .filter((name) => (set.get(app) ?? []).includes(name) !== ((ownSettings[name] ?? app) === app))
        .map((name) => `setting ${name} is ${(set.get(app) ?? []).includes(name) ? '' : 'not '}in the ${app}`),
    ),
  ];
}

/** `sentTo`: every queue and topic the code sends to by itself. The ingress appends to tables and never to the one lanes move in. */
export function grantFaults(files: readonly BicepFile[], local: Declaration, sentTo: readonly string[]): string[] {
  const { queues } = local.serviceBus;
  const listed = (file: string, symbol: string): string[] => {
    const value = variable(files, file, symbol);
    return Array.isArray(value) ? value.map(String) : [];
  };
  const appends = listed('storage.bicep', 'ingressAppends');
  const granted = [...listed('storage.bicep', 'ingressReads'), ...appends];
  return [
    ...apart(
      'right to send to',
      listed('messaging-access.bicep', 'deployerSends'),
      sentTo.filter((to) => Object.hasOwn(queues, to)),
      'the code',
    ),
    ...granted
      .filter((table) => !local.storage.tables.includes(table))
      .map((table) => `the ingress has a right on ${table}, which is no table`),
    ...local.storage.tables
      .filter((table) => !granted.includes(table))
      .map((table) => `the ingress has no right on ${table}`),
    ...(appends.includes('Lanes') ? ['the ingress may write Lanes'] : []),
  ];
}

/** `seen`: what the handlers of the ingress did, `PUT Markers`. An upsert and a replacement add and update; its role deletes nothing. */
export function operationFaults(
  seen: readonly string[],
  reads: readonly string[],
  appends: readonly string[],
): string[] {
  const done = seen.map((each) => ({ each, method: each.split(' ')[0] ?? '', table: each.split(' ')[1] ?? '' }));
  const isRead = (method: string): boolean => method === 'GET';
  const isAppend = (method: string): boolean => ['POST', 'PUT', 'PATCH', 'MERGE'].includes(method);
  return [
    ...done
      .filter(({ method, table }) => !(isRead(method) ? reads : isAppend(method) ? appends : []).includes(table))
      .map(({ each }) => `the ingress has no right to ${each}`),
    ...reads
      .filter((table) => !done.some((each) => isRead(each.method) && each.table === table))
      .map((table) => `nobody reads ${table} in the ingress`),
    ...appends
      .filter((table) => !done.some((each) => isAppend(each.method) && each.table === table))
      .map((table) => `nobody appends to ${table} in the ingress`),
  ];
}
