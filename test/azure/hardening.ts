import { apps, settingsOf } from './apps.ts';
import type { BicepFile } from './bicep.ts';
import { madeOf } from './declared.ts';
import { evaluate, type Given, instancesOf, isObject } from './evaluate.ts';

/** What must stand as it does: a literal somebody loosens is found here. */
export function hardeningFaults(files: readonly BicepFile[]): string[] {
  return hardened.flatMap(([type, path, wanted, given = {}]) => {
    const made = madeOf(files, type);
    if (made.length === 0) return [`there is no ${type}`];
    return made.flatMap(({ file, made: { body } }) => {
      let value = evaluate(file, body, given);
      for (const key of path.split('.')) value = isObject(value) ? (value[key] ?? null) : null;
      return value === wanted ? [] : [`${file.name}: ${path} of ${type} is not ${String(wanted)}`];
    });
  });
}

const identity: Given = { identity: { id: 'its own' } };
const deployment = 'properties.functionAppConfig.deployment.storage.authentication';
const inbound = 'properties.siteConfig.ipSecurityRestrictionsDefaultAction';

const hardened: [type: string, path: string, wanted: string | boolean, given?: Given][] = [
  ['Microsoft.Storage/storageAccounts', 'properties.allowSharedKeyAccess', false],
  ['Microsoft.Storage/storageAccounts', 'properties.allowBlobPublicAccess', false],
  ['Microsoft.Storage/storageAccounts', 'properties.minimumTlsVersion', 'TLS1_2'],
  ['Microsoft.ServiceBus/namespaces', 'properties.disableLocalAuth', true],
  ['Microsoft.ServiceBus/namespaces', 'sku.name', 'Standard'],
  ['Microsoft.KeyVault/vaults', 'properties.enableRbacAuthorization', true],
  ['Microsoft.Insights/components', 'properties.DisableLocalAuth', true],
  ['Microsoft.Web/sites', 'properties.httpsOnly', true],
  ['Microsoft.Web/sites', 'properties.siteConfig.ftpsState', 'Disabled'],
  ['Microsoft.Web/sites', 'properties.siteConfig.minTlsVersion', '1.2'],
  ['Microsoft.Web/sites', inbound, 'Deny', { isPublic: false }],
  ['Microsoft.Web/sites', inbound, 'Allow', { isPublic: true }],
  ['Microsoft.Web/sites', 'properties.siteConfig.scmIpSecurityRestrictionsUseMain', false],
  ['Microsoft.Web/sites', 'properties.keyVaultReferenceIdentity', 'its own', identity],
  ['Microsoft.Web/sites', `${deployment}.type`, 'UserAssignedIdentity'],
  ['Microsoft.Web/sites', `${deployment}.userAssignedIdentityResourceId`, 'its own', identity],
  ['Microsoft.Web/sites/basicPublishingCredentialsPolicies', 'properties.allow', false],
];

const REFERENCE = /^@Microsoft\.KeyVault\(SecretUri=https:\/\/[\w.-]+\/secrets\/([\w-]+)\/\w+\)$/;

/** The secret a setting refers to; null: it is no reference. */
export const secretIn = (value: string): string | null => REFERENCE.exec(value)?.[1] ?? null;

/** Each secret in the vault is referred to, by the app that may read it and by no other. */
export function vaultFaults(files: readonly BicepFile[]): string[] {
  const vault = files.find(({ name }) => name === 'vault.bicep');
  if (vault === undefined) return ['there is no vault.bicep'];
  const secrets = madeOf(files, 'Microsoft.KeyVault/vaults/secrets').flatMap(({ file, made }) =>
    instancesOf(file, made)
      .filter(isObject)
      .map(({ name }) => ({ symbol: made.symbol, name: String(name) })),
  );
  const grants = madeOf([vault], 'Microsoft.Authorization/roleAssignments').map(({ made: { body } }) => body.text);
  return apps.flatMap((app) => {
    const referred = Object.values(settingsOf(files, app)).flatMap((value) => secretIn(value) ?? []);
    const granted = secrets.filter(({ symbol }) =>
      grants.some((text) => text.includes(`scope: ${symbol}\n`) && text.includes(`principalId: ${app}PrincipalId\n`)),
    );
    return [
      ...referred
        .filter((name) => !granted.some((secret) => secret.name === name))
        .map((name) => `the ${app} refers to ${name} and may not read it`),
      ...granted
        .filter(({ name }) => !referred.includes(name))
        .map(({ name }) => `the ${app} may read ${name} and does not refer to it`),
    ];
  });
}
