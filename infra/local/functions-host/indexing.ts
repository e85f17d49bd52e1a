import { type AppSettings, type Connection, connectionOf, resolveText } from './app-settings.ts';
import type { HostJson } from './host-json.ts';
import { parseRoute, type Route } from './route.ts';
import type { Binding, RegisteredFunction } from './rpc.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

interface Indexed {
  name: string;
  registered: RegisteredFunction;
  /** The name of the trigger's binding, under which its value is handed in. */
  input: string;
  disabled: boolean;
}
export interface HttpFunction extends Indexed {
  kind: 'http';
  route: Route;
  methods: string[];
}
export interface TimerFunction extends Indexed {
  kind: 'timer';
  scheduleText: string;
  schedule: Schedule;
  runOnStartup: boolean;
}
export interface ServiceBusFunction extends Indexed {
  kind: 'service-bus';
  connection: Connection;
  entity: { queue: string } | { topic: string; subscription: string };
  sessions: boolean;
  batch: boolean;
  binary: boolean;
  autoComplete: boolean;
}
export type IndexedFunction = HttpFunction | TimerFunction | ServiceBusFunction;

interface Reading {
  settings: AppSettings;
  hostJson: HostJson;
}

/**
 * Reads what each function wants to be triggered by, as the host does before it starts one.
 * @returns the functions that can run and one sentence for each fault
 */
export function indexFunctions(
  registered: RegisteredFunction[],
  reading: Reading,
): { functions: IndexedFunction[]; faults: string[] } {
  const functions: IndexedFunction[] = [];
  const faults: string[] = [];
  for (const one of registered) {
    try {
      functions.push(indexOne(one, reading));
    } catch (error) {
      faults.push(`function "${one.metadata.name}": ${(error as Error).message}`);
    }
  }
  return { functions, faults: [...faults, ...duplicateRoutes(functions)] };
}

function indexOne(registered: RegisteredFunction, reading: Reading): IndexedFunction {
  const { name, bindings } = registered.metadata;
  if (!/^[a-z][a-z0-9_-]{0,127}$/i.test(name)) {
    throw new Error('a name must start with a letter and hold at most 128 letters, digits, "_" and "-"');
  }
  const triggers = Object.entries(bindings).filter(([, binding]) => /trigger$/i.test(binding.type));
  const [first, second] = triggers;
  if (!first || second) throw new Error(`it must have exactly one trigger, but has ${triggers.length}`);
  for (const [bindingName, binding] of Object.entries(bindings)) {
    if (bindingName === first[0]) continue;
    if (binding.direction === 'out' && binding.type.toLowerCase() === 'http') continue;
    throw new Error(`the binding type "${binding.type}" (${binding.direction}) is not known to this host`);
  }
  const [input, binding] = first;
  const indexed = { name, registered, input, disabled: isDisabled(name, reading.settings) };
  switch (binding.type.toLowerCase()) {
    case 'httptrigger':
      return httpFunction(indexed, binding, reading);
    case 'timertrigger':
      return timerFunction(indexed, binding, reading);
    case 'servicebustrigger':
      return serviceBusFunction(indexed, binding, reading);
    default:
      throw new Error(`the trigger type "${binding.type}" is not known to this host`);
  }
}

/** App setting `AzureWebJobs.<function>.Disabled`, true or 1. */
function isDisabled(name: string, settings: AppSettings): boolean {
  return /^(true|1)$/i.test(settings.get(`AzureWebJobs.${name}.Disabled`) ?? '');
}

/** A text of a binding with its `%NAME%` replaced; undefined when the binding does not have it. */
function textOf(binding: Binding, option: string, settings: AppSettings): string | undefined {
  const value = binding[option];
  if (typeof value !== 'string') return undefined;
  const { text, missing } = resolveText(value, settings);
  if (missing.length > 0) {
    throw new Error(`${option} is "${value}", but there is no app setting ${missing.join(', ')}`);
  }
  return text;
}

function httpFunction(indexed: Indexed, binding: Binding, { settings, hostJson }: Reading): HttpFunction {
  const own = textOf(binding, 'route', settings) ?? indexed.name;
  if (/^\/?(admin|runtime)(\/|$)/i.test(own)) {
    throw new Error(`the route "${own}" is reserved: no route may begin with "admin" or "runtime"`);
  }
  const methods = Array.isArray(binding.methods) ? binding.methods.map((method) => String(method).toUpperCase()) : [];
  return {
    ...indexed,
    kind: 'http',
    route: parseRoute([hostJson.routePrefix, own.replace(/^\/+/, '')].filter((part) => part !== '').join('/')),
    methods: methods.length > 0 ? methods : ['GET', 'POST'],
  };
}

function timerFunction(indexed: Indexed, binding: Binding, { settings }: Reading): TimerFunction {
  const scheduleText = textOf(binding, 'schedule', settings) ?? '';
  try {
    const schedule = parseSchedule(scheduleText);
    return { ...indexed, kind: 'timer', scheduleText, schedule, runOnStartup: binding.runOnStartup === true };
  } catch (error) {
    throw new Error(`its schedule "${scheduleText}" cannot be read: ${(error as Error).message}`);
  }
}

function serviceBusFunction(indexed: Indexed, binding: Binding, { settings, hostJson }: Reading): ServiceBusFunction {
  const name = textOf(binding, 'connection', settings);
  const connection = connectionOf(name, settings);
  if (!connection) {
    const wanted = name || 'AzureWebJobsServiceBus';
    throw new Error(`its connection needs the app setting ${wanted} or ${wanted}__fullyQualifiedNamespace`);
  }
  const queue = textOf(binding, 'queueName', settings);
  const topic = textOf(binding, 'topicName', settings);
  const subscription = textOf(binding, 'subscriptionName', settings);
  let entity: ServiceBusFunction['entity'];
  if (queue && !topic) entity = { queue };
  else if (topic && subscription && !queue) entity = { topic, subscription };
  else throw new Error('it needs either queueName, or topicName and subscriptionName');
  if (binding.sdkBinding === true) throw new Error('sdkBinding is not known to this host');
  return {
    ...indexed,
    kind: 'service-bus',
    connection,
    entity,
    sessions: binding.isSessionsEnabled === true,
    batch: binding.cardinality === 'many',
    binary: binding.dataType === 'binary',
    autoComplete:
      typeof binding.autoCompleteMessages === 'boolean'
        ? binding.autoCompleteMessages
        : hostJson.serviceBus.autoCompleteMessages,
  };
}

function duplicateRoutes(functions: IndexedFunction[]): string[] {
  const faults: string[] = [];
  const seen = new Map<string, string>();
  for (const one of functions) {
    if (one.kind !== 'http') continue;
    for (const method of one.methods) {
      const key = `${method} ${one.route.key}`;
      const other = seen.get(key);
      if (other) faults.push(`functions "${other}" and "${one.name}" both want ${method} /${one.route.template}`);
      seen.set(key, one.name);
    }
  }
  return faults;
}
