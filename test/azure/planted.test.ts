import { beforeAll, expect, test } from 'vitest';
import declaration from '../../infra/local/declaration.json' with { type: 'json' };
import { METRICS } from '../../shared/metrics.ts';
import { alertFaults } from './alerts.ts';
import { type BicepFile, loadGrammar, parseBicep } from './bicep.ts';
import { entityFaults, functionFaults, grantFaults, settingFaults } from './faults.ts';
import { hardeningFaults, vaultFaults } from './hardening.ts';
import { roleFaults } from './roles.ts';
import { moduleFaults, nameFaults, secretFaults, syntaxFaults, versionFaults } from './rules.ts';
import { outcomes, parsed, settingsRead, textsOf, usedByCode } from './the-files.ts';
import { wiringFaults } from './wiring.ts';

// A comparison that cannot fail shows nothing: each is shown a template with a fault of its kind.

let whole: BicepFile[];
beforeAll(async () => {
  await loadGrammar();
  whole = parsed(textsOf());
});

/** The templates with one change. Throws where what is to be changed is not there, so that a plant cannot be empty. */
function planted(name: string, from: string, to: string): BicepFile[] {
  const text = whole.find((file) => file.name === name)?.text ?? '';
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${name} no longer holds ${from}`);
  return whole.map((file) => (file.name === name ? parseBicep(name, changed) : file));
}

const everywhere = (rule: (file: BicepFile) => string[]) => (files: BicepFile[]) => files.flatMap(rule);
const entities = (files: BicepFile[]) => entityFaults(files, declaration);
const settings = (files: BicepFile[]) => settingFaults(files, settingsRead());
const functions = (files: BicepFile[]) =>
  functionFaults(files, [
    { name: 'healthz', isHttp: true },
    { name: 'sweep', isHttp: false },
  ]);
const grants = (files: BicepFile[]) => grantFaults(files, declaration, usedByCode().sentTo);
const alerts = (files: BicepFile[]) => alertFaults(files, METRICS, outcomes());

const QUEUE = `  {
    name: 'extra'
    requiresSession: false
    requiresDuplicateDetection: false
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
  }
`;

test.each<[string, (files: BicepFile[]) => string[], [string, string, string], string]>([
  [
    'a brace too few',
    everywhere(syntaxFaults),
    ['vault.bicep', "name: 'standard' }", "name: 'standard'"],
    'a fault of syntax',
  ],
  [
    'a queue too many',
    entities,
    ['messaging.bicep', 'var queues = [\n', `var queues = [\n${QUEUE}`],
    'queue extra is in Bicep',
  ],
  [
    'a queue too few',
    entities,
    ['messaging.bicep', "name: 'lanes'", "name: 'lane'"],
    'queue lanes is in declaration.json',
  ],
  [
    'a queue without sessions',
    entities,
    ['messaging.bicep', 'requiresSession: true', 'requiresSession: false'],
    'queue lanes: Bicep',
  ],
  ['another window', entities, ['messaging.bicep', "Window = 'PT10M'", "Window = 'PT5M'"], 'queue builds: Bicep'],
  ['a shorter lock', entities, ['messaging.bicep', "'PT2M'", "'PT1M'"], 'queue packages: Bicep'],
  [
    'fewer deliveries',
    entities,
    ['messaging.bicep', 'maxDeliveryCount: 10', 'maxDeliveryCount: 3'],
    'queue builds: Bicep',
  ],
  ['a shorter life', entities, ['messaging.bicep', "'P14D'", "'P1D'"], 'queue builds: Bicep'],
  [
    'another subscription',
    entities,
    ['messaging.bicep', "name: 'slack'", "name: 'tracker'"],
    'subscription slack is in declaration',
  ],
  [
    'another topic',
    entities,
    ['messaging.bicep', "'deployment-events'", "'events'"],
    'topic deployment-events is in declaration',
  ],
  [
    'a property nobody compared',
    entities,
    ['messaging.bicep', 'maxSizeInMegabytes: 5120', 'enablePartitioning: true'],
    'queue builds: Bicep',
  ],
  ['a table too many', entities, ['storage.bicep', "  'Lanes'\n", "  'Lanes'\n  'Extra'\n"], 'table Extra is in Bicep'],
  [
    'a table too few',
    entities,
    ['storage.bicep', "  'DeadLetters'\n]\nvar cont", ']\nvar cont'],
    'table DeadLetters is in declaration',
  ],
  [
    'another container',
    entities,
    ['storage.bicep', "  'packages'\n", "  'builds'\n"],
    'container packages is in declaration',
  ],
  [
    'an action too many',
    entities,
    ['site-role.bicep', "  'Microsoft.Web/sites/read'", "  'Microsoft.Web/sites/*'\n  'Microsoft.Web/sites/read'"],
    'role action Microsoft.Web/sites/* is in Bicep',
  ],
  [
    'an action too few',
    entities,
    ['site-role.bicep', "  'Microsoft.Web/sites/slots/slotsswap/action'\n", ''],
    'slotsswap/action is in declaration',
  ],
  [
    'an action in another role',
    entities,
    ['storage.bicep', 'actions: []', "actions: ['*']"],
    'role action * is in Bicep',
  ],
  [
    'an event too few',
    entities,
    ['site-events.bicep', "        'Microsoft.Web.SlotSwapFailed'\n", ''],
    'event type Microsoft.Web.SlotSwapFailed',
  ],
  [
    'another queue for events',
    entities,
    ['messaging.bicep', "siteEventsQueue = 'site-events'", "siteEventsQueue = 'builds'"],
    'queue of Event Grid',
  ],
  [
    'a function nobody wrote',
    functions,
    ['apps.bicep', "  'sweep'\n", "  'sweep'\n  'polish'\n"],
    'function polish is in Bicep',
  ],
  ['a function in both apps', functions, ['apps.bicep', "  'sweep'\n", ''], 'function sweep runs in the ingress'],
  [
    'a function in none',
    functions,
    ['apps.bicep', "  'healthz'\n", "  'healthz'\n  'sweep'\n"],
    'function sweep does not run in the deployer',
  ],
  ['a door on the deployer', functions, ['apps.bicep', "  'healthz'\n", ''], 'function healthz runs in the deployer'],
  [
    'a setting nobody reads',
    settings,
    ['apps.bicep', 'WARMSWAP_STOP:', 'WARMSWAP_HALT:'],
    'setting WARMSWAP_HALT is in Bicep and nobody',
  ],
  [
    'a setting that is missing',
    settings,
    ['apps.bicep', 'WARMSWAP_STOP:', 'WARMSWAP_HALT:'],
    'setting WARMSWAP_STOP is read and not in Bicep',
  ],
  [
    'a secret in the other app',
    settings,
    ['apps.bicep', '{ WARMSWAP_TOKENS', '{ WARMSWAP_SLACK_TOKEN'],
    'setting WARMSWAP_SLACK_TOKEN is in the ingress',
  ],
  [
    'a secret nobody may read',
    vaultFaults,
    ['vault.bicep', 'scope: tokensSecret', 'scope: slackTokenSecret'],
    'the ingress refers to tokens and may not',
  ],
  [
    'a secret too many may read',
    vaultFaults,
    ['vault.bicep', 'scope: tokensSecret', 'scope: slackTokenSecret'],
    'the ingress may read slack-token and does not',
  ],
  [
    'a secret without its version',
    vaultFaults,
    ['apps.bicep', '{tokensUri}', "{'https://kv-warm-x.vault.azure.net/secrets/tokens'}"],
    'the ingress may read tokens and does not refer to it',
  ],
  [
    'a right to send too many',
    grants,
    ['messaging-access.bicep', "  'packages'\n", "  'packages'\n  'builds'\n"],
    'right to send to builds',
  ],
  ['a right to send too few', grants, ['messaging-access.bicep', "  'packages'\n", ''], 'right to send to packages'],
  [
    'an ingress that moves lanes',
    grants,
    ['storage.bicep', 'ingressAppends = [\n', "ingressAppends = [\n  'Lanes'\n"],
    'may write Lanes',
  ],
  [
    'an alert for what nobody counts',
    alerts,
    ['alerts.bicep', "'lanes.overdue'", "'lanes.late'"],
    'asks for lanes.late',
  ],
  [
    'an alert for what its metric does not say',
    alerts,
    ['alerts.bicep', 'line.outcome', 'line.result'],
    'asks for result, which its metric',
  ],
  [
    'an alert for an end there is not',
    alerts,
    ['alerts.bicep', "== 'needs-human'", "== 'needs-person'"],
    'needs-person, which is no outcome',
  ],
  [
    'an alert for other lines',
    alerts,
    ['alerts.bicep', "line.what) == 'metric'", "line.what) == 'metrics'"],
    'lines of metrics',
  ],
  [
    'the settings of the other app',
    wiringFaults,
    ['apps.bicep', 'settings: ingressSettings', 'settings: deployerSettings'],
    'settings of ingress is given deployerSettings',
  ],
  [
    'the identity of the other app',
    wiringFaults,
    ['apps.bicep', 'identity: ingressIdentity', 'identity: deployerIdentity'],
    'identity of ingress is given deployerIdentity',
  ],
  [
    'a deployer that is public',
    wiringFaults,
    ['apps.bicep', 'isPublic: false', 'isPublic: true'],
    'isPublic of deployer is given true',
  ],
  [
    'principals that are mixed up',
    wiringFaults,
    [
      'main.bicep',
      'ingressPrincipalId: identities.outputs.ingress.principalId',
      'ingressPrincipalId: identities.outputs.deployer.principalId',
    ],
    'ingressPrincipalId of storage',
  ],
  [
    'an identity under another name',
    wiringFaults,
    ['identities.bicep', '  id: ingressIdentity.id', '  id: deployerIdentity.id'],
    "output ingress of identities.bicep is another's",
  ],
  [
    'a secret in the place of another',
    wiringFaults,
    ['vault.bicep', 'value: slackToken }', 'value: slackSigningSecret }'],
    'slackTokenSecret holds another',
  ],
  [
    'the address of another secret',
    wiringFaults,
    ['vault.bicep', 'hasSlackToken ? slackTokenSecret', 'hasSlackToken ? tokensSecret'],
    'output slackTokenUri of vault.bicep',
  ],
  [
    'a wider role under the name of a narrow one',
    roleFaults,
    ['storage.bicep', '76199698-9eea-4c19-bc75-cec21354c6b6', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'],
    'tableDataReader is not Storage Table Data Reader',
  ],
  [
    'a wider role in the place of a narrow one',
    roleFaults,
    ['storage.bicep', 'roleDefinitionId: appender.id', 'roleDefinitionId: tableDataContributor'],
    'ingressAppendsToTables is ingressPrincipalId: tableDataContributor',
  ],
  [
    'a right on more than it is for',
    roleFaults,
    ['messaging-access.bicep', 'scope: slackSubscription', 'scope: namespace'],
    'deployerIsSubscribed is deployerPrincipalId: dataReceiver on namespace',
  ],
  [
    'a right of the other app',
    roleFaults,
    [
      'storage.bicep',
      "principalId: deployerPrincipalId\n      principalType: 'ServicePrincipal'\n      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobData",
      "principalId: ingressPrincipalId\n      principalType: 'ServicePrincipal'\n      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobData",
    ],
    'deployerKeepsPackages is ingressPrincipalId',
  ],
  [
    'a deployer that answers',
    hardeningFaults,
    ['function-app.bicep', "isPublic ? 'Allow' : 'Deny'", "isPublic ? 'Allow' : 'Allow'"],
    'ipSecurityRestrictionsDefaultAction of Microsoft.Web/sites is not Deny',
  ],
  [
    'references nobody resolves',
    hardeningFaults,
    ['function-app.bicep', '    keyVaultReferenceIdentity: identity.id\n', ''],
    'properties.keyVaultReferenceIdentity',
  ],
  [
    'a deployment with a key',
    hardeningFaults,
    ['function-app.bicep', "type: 'UserAssignedIdentity',", "type: 'StorageAccountConnectionString',"],
    'authentication.type',
  ],
  [
    'an alert that is gone',
    alerts,
    ['alerts.bicep', "'warmswap-needs-human'", "'needs-human'"],
    'no alert warmswap-needs-human',
  ],
  [
    'keys to the storage',
    hardeningFaults,
    ['storage.bicep', 'allowSharedKeyAccess: false', 'allowSharedKeyAccess: true'],
    'storage.bicep: properties.allowSharedKeyAccess',
  ],
  [
    'keys to a host',
    hardeningFaults,
    ['host-storage.bicep', '    allowSharedKeyAccess: false\n', ''],
    'host-storage.bicep: properties.allowSharedKeyAccess',
  ],
  [
    'keys to the queues',
    hardeningFaults,
    ['messaging.bicep', 'disableLocalAuth: true', 'disableLocalAuth: false'],
    'disableLocalAuth',
  ],
  ['Service Bus Basic', hardeningFaults, ['messaging.bicep', "name: 'Standard'", "name: 'Basic'"], 'sku.name'],
  [
    'passwords to publish with',
    hardeningFaults,
    ['function-app.bicep', 'allow: false', 'allow: true'],
    'properties.allow',
  ],
  [
    'a token in the clear',
    everywhere(secretFaults),
    ['vault.bicep', '@secure()\nparam slackToken', 'param slackToken'],
    'parameter slackToken is not @secure()',
  ],
  [
    'a default for a secret',
    everywhere(secretFaults),
    ['main.bicep', "param slackToken string = ''", "param slackToken string = 'x'"],
    'parameter slackToken has a default',
  ],
  [
    'a secret that is told',
    everywhere(secretFaults),
    ['vault.bicep', 'string = vault.name', 'string = slackToken'],
    'output vaultName tells slackToken',
  ],
  [
    'a key that is asked for',
    everywhere(secretFaults),
    ['storage.bicep', 'string = account.name', 'string = account.listKeys().keys[0].value'],
    'stands in it',
  ],
  [
    'a preview',
    everywhere(versionFaults),
    ['messaging.bicep', 'namespaces@2024-01-01', 'namespaces@2024-01-01-preview'],
    'is no released version',
  ],
  [
    'a parameter nobody uses',
    everywhere(nameFaults),
    ['alerts.bicep', 'scopes: [namespaceId]', 'scopes: []'],
    'namespaceId is not used',
  ],
  [
    'a parameter nobody describes',
    everywhere(nameFaults),
    ['alerts.bicep', "@description('The Service Bus namespace.')\n", ''],
    'namespaceId is not described',
  ],
  [
    'a variable nobody uses',
    everywhere(nameFaults),
    ['vault.bicep', 'var secretsUser', "var other = 'x'\nvar secretsUser"],
    'other is not used',
  ],
  [
    'a module not given enough',
    moduleFaults,
    ['main.bicep', '    alertEmail: alertEmail\n', ''],
    'alerts.bicep is not given alertEmail',
  ],
  [
    'a module given too much',
    moduleFaults,
    ['main.bicep', '    alertEmail: alertEmail\n', '    alertEmail: alertEmail\n    loud: true\n'],
    'alerts.bicep takes no loud',
  ],
  [
    'a module that is not there',
    moduleFaults,
    ['main.bicep', "'alerts.bicep'", "'alarms.bicep'"],
    'there is no alarms.bicep',
  ],
  [
    'a file nobody uses',
    moduleFaults,
    ['main.bicep', "'alerts.bicep'", "'alarms.bicep'"],
    'alerts.bicep is used by none',
  ],
  [
    'an output nobody gives',
    moduleFaults,
    ['main.bicep', 'siteAccess[index].outputs.siteLocation', 'siteAccess[index].outputs.region'],
    'puts out no region',
  ],
])('%s is found', (_name, faults, [file, from, to], found) => {
  expect(faults(planted(file, from, to)).join('\n')).toContain(found);
});
