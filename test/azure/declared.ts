import type { BicepFile, Declaration } from './bicep.ts';
import { evaluate, type Given, instancesOf, isObject, type Value } from './evaluate.ts';

/** What the templates make, in the words of infra/local/declaration.json. */
export interface Declared {
  queues: Record<string, Record<string, Value>>;
  topics: Record<string, Record<string, Value>>;
  subscriptions: Record<string, Record<string, Value>>;
  tables: string[];
  containers: string[];
  roleActions: string[];
  eventTypes: string[];
  eventsQueue: string;
}

type Body = { [name: string]: Value };

const fileOf = (files: readonly BicepFile[], name: string): BicepFile => {
  const file = files.find((each) => each.name === name);
  if (file === undefined) throw new Error(`there is no ${name}`);
  return file;
};

/** Every resource of a type that is made, not merely named, with the file it stands in. */
export const madeOf = (files: readonly BicepFile[], type: string): { file: BicepFile; made: Declaration }[] =>
  files.flatMap((file) =>
    file.declarations
      .filter((each) => each.kind === 'resource' && !each.existing && each.type === type)
      .map((made) => ({ file, made })),
  );

const bodiesOf = (files: readonly BicepFile[], type: string, given: Given = {}): Body[] =>
  madeOf(files, type).flatMap(({ file, made }) => instancesOf(file, made, given).filter(isObject));

const propertiesOf = (body: Body): Body => (isObject(body.properties) ? body.properties : {});

/** Seconds in the durations the templates use: `PT1M`, `PT1H`, `P14D`. */
function secondsOf(duration: Value | undefined): Value {
  const [, days, hours, minutes] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(String(duration)) ?? [];
  if (days === undefined && hours === undefined && minutes === undefined) return `not a duration: ${String(duration)}`;
  return Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60;
}

/** An entity as the local broker is told of it. How large it may grow is a limit of Azure's alone, which the code does not rely on. */
function entityOf({
  requiresSession,
  requiresDuplicateDetection,
  duplicateDetectionHistoryTimeWindow,
  lockDuration,
  maxDeliveryCount,
  defaultMessageTimeToLive,
  deadLetteringOnMessageExpiration,
  maxSizeInMegabytes: _,
  ...others
}: Body): Record<string, Value> {
  return {
    ...(requiresSession === true ? { requiresSession } : {}),
    ...(requiresDuplicateDetection === true
      ? { duplicateDetectionWindowSeconds: secondsOf(duplicateDetectionHistoryTimeWindow) }
      : {}),
    ...(lockDuration === undefined ? {} : { lockSeconds: secondsOf(lockDuration) }),
    ...(maxDeliveryCount === undefined ? {} : { maxDeliveryCount }),
    ...(defaultMessageTimeToLive === undefined ? {} : { timeToLiveSeconds: secondsOf(defaultMessageTimeToLive) }),
    ...(deadLetteringOnMessageExpiration === true ? { deadLetterOnExpiry: true } : {}),
    ...others,
  };
}

const entitiesOf = (files: readonly BicepFile[], type: string): Record<string, Record<string, Value>> =>
  Object.fromEntries(bodiesOf(files, type).map((body) => [String(body.name), entityOf(propertiesOf(body))]));

const textsOf = (value: Value | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Of a role for sites: any that acts on the management plane. */
const managementActions = (files: readonly BicepFile[]): string[] =>
  bodiesOf(files, 'Microsoft.Authorization/roleDefinitions').flatMap((body) => {
    const { permissions } = propertiesOf(body);
    return (Array.isArray(permissions) ? permissions : []).flatMap((each) =>
      isObject(each) ? textsOf(each.actions) : [],
    );
  });

const containersOf = (files: readonly BicepFile[]): string[] =>
  bodiesOf(
    // The containers of a function host are the platform's matter.
    files.filter(({ name }) => name !== 'host-storage.bicep'),
    'Microsoft.Storage/storageAccounts/blobServices/containers',
  ).map(({ name }) => String(name));

export function declaredBy(files: readonly BicepFile[]): Declared {
  const events = bodiesOf(files, 'Microsoft.EventGrid/systemTopics/eventSubscriptions').map(propertiesOf);
  const bus = 'Microsoft.ServiceBus/namespaces';
  return {
    queues: entitiesOf(files, `${bus}/queues`),
    topics: entitiesOf(files, `${bus}/topics`),
    subscriptions: entitiesOf(files, `${bus}/topics/subscriptions`),
    tables: bodiesOf(files, 'Microsoft.Storage/storageAccounts/tableServices/tables').map(({ name }) => String(name)),
    containers: containersOf(files),
    roleActions: managementActions(files),
    eventTypes: events.flatMap(({ filter }) => (isObject(filter) ? textsOf(filter.includedEventTypes) : [])),
    eventsQueue: String(variable(files, 'messaging.bicep', 'siteEventsQueue')),
  };
}

/** What a variable of a file comes to. */
export function variable(files: readonly BicepFile[], name: string, symbol: string, given: Given = {}): Value {
  const file = fileOf(files, name);
  const node = file.variables.get(symbol);
  if (node === undefined) throw new Error(`${name} has no variable ${symbol}`);
  return evaluate(file, node, given);
}
