import { type BicepFile, type Declaration, written } from './bicep.ts';
import { madeOf } from './declared.ts';

/** Built-in roles under the names Azure gives them, by the variables they stand in. */
const builtIn: Readonly<Record<string, { called: string; id: string }>> = {
  tableDataReader: { called: 'Storage Table Data Reader', id: '76199698-9eea-4c19-bc75-cec21354c6b6' },
  tableDataContributor: { called: 'Storage Table Data Contributor', id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' },
  blobDataContributor: { called: 'Storage Blob Data Contributor', id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe' },
  blobDelegator: { called: 'Storage Blob Delegator', id: 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a' },
  blobDataOwner: { called: 'Storage Blob Data Owner', id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' },
  dataSender: { called: 'Azure Service Bus Data Sender', id: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39' },
  dataReceiver: { called: 'Azure Service Bus Data Receiver', id: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0' },
  secretsUser: { called: 'Key Vault Secrets User', id: '4633458b-17de-408a-b874-0445c86b69e6' },
  metricsPublisher: { called: 'Monitoring Metrics Publisher', id: '3913510d-42f4-4e42-8a64-420c390055eb' },
};

/** Every assignment there is: who may do what, where. */
const assigned: Readonly<Record<string, string>> = {
  hostOwnsBlobs: 'principalId: blobDataOwner on account',
  appsPublish: 'principalId: metricsPublisher on insights',
  ingressReadsTokens: 'ingressPrincipalId: secretsUser on tokensSecret',
  ingressReadsSigningSecret: 'ingressPrincipalId: secretsUser on slackSigningSecretSecret',
  deployerReadsSlackToken: 'deployerPrincipalId: secretsUser on slackTokenSecret',
  ingressReadsTables: 'ingressPrincipalId: tableDataReader on tables[indexOf(tableNames, name)] for ingressReads',
  ingressAppendsToTables: 'ingressPrincipalId: appender on tables[indexOf(tableNames, name)] for ingressAppends',
  deployerKeepsTables: 'deployerPrincipalId: tableDataContributor on tables[index] for tableNames',
  deployerKeepsPackages: 'deployerPrincipalId: blobDataContributor on containers[index] for containerNames',
  deployerSignsAddresses: 'deployerPrincipalId: blobDelegator on account',
  ingressSends: 'ingressPrincipalId: dataSender on queue[index] for queueNames',
  ingressPublishes: 'ingressPrincipalId: dataSender on topic',
  deployerReceives: 'deployerPrincipalId: dataReceiver on queue[index] for queueNames',
  deployerIsSubscribed: 'deployerPrincipalId: dataReceiver on slackSubscription',
  deployerSendsToQueues: 'deployerPrincipalId: dataSender on queue[indexOf(queueNames, name)] for deployerSends',
  deployerPublishes: 'deployerPrincipalId: dataSender on topic',
  eventGridDelivers: 'eventsPrincipalId: dataSender on queue[indexOf(queueNames, siteEventsQueueName)]',
  deployerActs: 'deployerPrincipalId: roleName on site',
};
/** Over these a principal is looped, and not a place. */
const PRINCIPALS = 'publisherPrincipalIds';

/** Roles are the built-in ones they are called, and are assigned as `assigned` says: no other, and to no other. */
export function roleFaults(files: readonly BicepFile[]): string[] {
  const found = madeOf(files, 'Microsoft.Authorization/roleAssignments').map(({ made }) => made);
  const ids = files.flatMap(({ variables }) =>
    [...variables].filter(([, { text }]) => /^'[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}'$/.test(text)),
  );
  return [
    ...ids
      .filter(([name, { text }]) => builtIn[name]?.id !== text.slice(1, -1))
      .map(([name]) => `${name} is not ${builtIn[name]?.called ?? 'a role that is known'}`),
    ...Object.keys(builtIn)
      .filter((name) => !ids.some(([each]) => each === name))
      .map((name) => `${name} is nowhere`),
    ...found
      .filter((made) => assigned[made.symbol] !== assignmentOf(made))
      .map((made) => `${made.symbol} is ${assignmentOf(made)}`),
    ...Object.keys(assigned)
      .filter((symbol) => !found.some((made) => made.symbol === symbol))
      .map((symbol) => `there is no ${symbol}`),
  ];
}

function assignmentOf({ body, loop }: Declaration): string {
  const [who, role, where] = [
    written(body, 'properties', 'principalId'),
    written(body, 'properties', 'roleDefinitionId'),
    written(body, 'scope'),
  ].map((node) => node?.text ?? 'nothing');
  const [, named = role?.replace(/\.id$/, '')] =
    /^subscriptionResourceId\('Microsoft\.Authorization\/roleDefinitions', (\w+)\)$/.exec(role ?? '') ?? [];
  const over = loop === null || loop.over.text === PRINCIPALS ? '' : ` for ${loop.over.text}`;
  return `${who}: ${named} on ${where}${over}`;
}
