import type { BicepFile } from './bicep.ts';
import { variable } from './declared.ts';
import { type Given, isObject } from './evaluate.ts';

export type AppName = 'ingress' | 'deployer';
export const apps: readonly AppName[] = ['ingress', 'deployer'];

const secretUri = (name: string): string => `https://kv-warm-x.vault.azure.net/secrets/${name}/0f1e2d3c4b5a`;

/** A person who gave everything there is to give. */
const whole: Given = {
  namespaceHost: 'sb-warmswap-x.servicebus.windows.net',
  tableEndpoint: 'https://stwarmx.table.core.windows.net/',
  blobEndpoint: 'https://stwarmx.blob.core.windows.net/',
  tokensUri: secretUri('tokens'),
  slackTokenUri: secretUri('slack-token'),
  slackSigningSecretUri: secretUri('slack-signing-secret'),
  slackTeamId: 'T0SHOP',
  slackAppId: 'A0WARMSWAP',
  allowedNetworks: '10.1.0.0/16',
  stopped: false,
  ingress: { outputs: { url: 'https://func-ingress-x.azurewebsites.net' } },
};
const identity: Given = {
  identity: { id: 'id', clientId: '0f1e2d3c-0000-4000-8000-000000000001', principalId: 'principal' },
  hostStorage: { outputs: { blobEndpoint: 'https://stx.blob.core.windows.net/' } },
  insightsConnectionString: 'InstrumentationKey=00000000-0000-4000-8000-000000000000',
};
/** And one who gave only what must be given. */
const least: Given = {
  ...whole,
  tokensUri: '',
  slackTokenUri: '',
  slackSigningSecretUri: '',
  slackTeamId: '',
  slackAppId: '',
  allowedNetworks: '',
};

/** The settings of an app as the templates write them. */
export function settingsOf(
  files: readonly BicepFile[],
  app: AppName,
  given: 'everything' | 'only what must be' = 'everything',
): Record<string, string> {
  const settings = variable(files, 'apps.bicep', `${app}Settings`, given === 'everything' ? whole : least);
  const ofIdentity = variable(files, 'function-app.bicep', 'identitySettings', identity);
  if (!isObject(settings) || !isObject(ofIdentity)) throw new Error('settings that are no object');
  return Object.fromEntries(Object.entries({ ...ofIdentity, ...settings }).map(([name, v]) => [name, String(v)]));
}

const DISABLED = /^AzureWebJobs\.([A-Za-z]+)\.Disabled$/;

/** The functions an app is told to leave. */
export const disabledIn = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => (value === 'true' ? (DISABLED.exec(name)?.slice(1) ?? []) : []));

/** What it is set without being for us: for the platform, each with its reason. */
export const platformSettings: Readonly<Record<string, string>> = {
  AzureWebJobsStorage__blobServiceUri: 'where the host keeps leases, keys and the clock of timers',
  AzureWebJobsStorage__credential: 'with which identity',
  AzureWebJobsStorage__clientId: 'which of them',
  ServiceBus__credential: 'how the triggers sign in; our own client takes AZURE_CLIENT_ID',
  ServiceBus__clientId: 'which identity the triggers sign in with',
  APPLICATIONINSIGHTS_CONNECTION_STRING: 'where the host sends telemetry',
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'as whom: keys are off',
};

/** What code reads and the templates leave alone, each with its reason. */
export const optionalSettings: Readonly<Record<string, string>> = {
  ServiceBus: 'a connection string, for a laptop: on Azure there are no keys',
  Storage: 'the same',
  WARMSWAP_PROFILE: 'azure is the default, and test is refused there',
  WARMSWAP_TIMING: 'the defaults are those for Azure',
  WARMSWAP_SLACK_API_URL: 'of a Slack that is not Slack',
  WEBSITE_HOSTNAME: 'the platform sets it',
};

/** What one app is set and the other is not, and whose it is. Secrets above all: neither holds the other's. */
export const ownSettings: Readonly<Record<string, AppName>> = {
  WARMSWAP_TOKENS: 'ingress',
  WARMSWAP_SLACK_SIGNING_SECRET: 'ingress',
  WARMSWAP_SLACK_TOKEN: 'deployer',
  WARMSWAP_STOP: 'deployer',
  WARMSWAP_ARM_ENDPOINT: 'deployer',
  WARMSWAP_SERVICE_URL: 'deployer',
};
