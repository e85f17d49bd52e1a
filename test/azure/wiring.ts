import { type BicepFile, code, written } from './bicep.ts';

/** Of a module's parameter: what it may be given besides what bears its own name. */
const givenInstead: Readonly<Record<string, string>> = {
  'monitoring.publisherPrincipalIds':
    '[identities.outputs.ingress.principalId, identities.outputs.deployer.principalId]',
  'storage.sku': 'storageSku',
  'apps.insightsConnectionString': 'monitoring.outputs.connectionString',
  'siteRoles.token': 'token',
  'siteAccess.siteName': 'each[8]',
  'siteAccess.roleName': `siteRoles[indexOf(siteGroups, '/subscriptions/\${each[2]}/resourceGroups/\${each[4]}')].outputs.roleName`,
  'siteTopics.siteName': 'each[8]',
  'siteTopics.location': 'siteAccess[index].outputs.siteLocation',
  'siteTopics.identityId': 'identities.outputs.events.id',
  'siteTopics.queueId': 'messaging.outputs.siteEventsQueueId',
  'ingress.serviceName': "'ingress'",
  'ingress.appName': `'func-ingress-\${token}'`,
  'ingress.hostStorageName': `'stingress\${token}'`,
  'ingress.identity': 'ingressIdentity',
  'ingress.settings': 'ingressSettings',
  'ingress.isPublic': 'true',
  'deployer.serviceName': "'deployer'",
  'deployer.appName': `'func-deployer-\${token}'`,
  'deployer.hostStorageName': `'stdeployer\${token}'`,
  'deployer.identity': 'deployerIdentity',
  'deployer.settings': 'deployerSettings',
  'deployer.isPublic': 'false',
  'hostStorage.name': 'take(hostStorageName, 24)',
  'hostStorage.principalId': 'identity.principalId',
};

/** A name, the output of that name, or for a principal and an identity, that of the app it speaks of. */
function isOwn(name: string, value: string): boolean {
  const [, who, what] = /^(ingress|deployer|events)(PrincipalId|Identity)$/.exec(name) ?? [];
  if (who === undefined) return value === name || new RegExp(`^\\w+\\.outputs\\.${name}$`).test(value);
  return value === `identities.outputs.${who}${what === 'Identity' ? '' : '.principalId'}`;
}

/** Each parameter of a module is given what is meant: the one app's settings, identity or secret never go to the other. */
export function wiringFaults(files: readonly BicepFile[]): string[] {
  const modules = files.flatMap(({ declarations }) => declarations.filter(({ kind }) => kind === 'module'));
  const given = modules.flatMap(({ symbol, body }) =>
    code(written(body, 'params') ?? body)
      .map(code)
      .map(([name, value]) => ({ symbol, name: name?.text ?? '', value: value?.text ?? '' })),
  );
  return [
    ...given
      .filter(({ symbol, name, value }) => {
        const instead = givenInstead[`${symbol}.${name}`];
        return instead === undefined ? !isOwn(name, value) : value !== instead;
      })
      .map(({ symbol, name, value }) => `${name} of ${symbol} is given ${value}`),
    ...Object.keys(givenInstead)
      .filter((each) => !given.some(({ symbol, name }) => `${symbol}.${name}` === each))
      .map((each) => `${each} is given by nobody`),
    ...outputFaults(files),
  ];
}

/** Identities and secrets leave their files under their own names. */
function outputFaults(files: readonly BicepFile[]): string[] {
  return files.flatMap(({ name: file, outputs, declarations }) => [
    ...[...outputs].flatMap(([name, { text }]) => {
      if (file === 'identities.bicep') {
        const of = [...text.matchAll(/\b(\w+)Identity\b/g)].map(([, who]) => who);
        return of.length >= 2 && of.every((who) => who === name) ? [] : [`output ${name} of ${file} is another's`];
      }
      if (file !== 'vault.bicep' || !name.endsWith('Uri')) return [];
      const secret = name.slice(0, -'Uri'.length);
      const has = `has${secret.charAt(0).toUpperCase()}${secret.slice(1)}`;
      return text === `${has} ? ${secret}Secret!.properties.secretUriWithVersion : ''`
        ? []
        : [`output ${name} of ${file} is another's, or without its version`];
    }),
    ...declarations
      .filter(({ type }) => type === 'Microsoft.KeyVault/vaults/secrets')
      .filter(({ symbol, body }) => `${written(body, 'properties', 'value')?.text}Secret` !== symbol)
      .map(({ symbol }) => `${symbol} holds another`),
  ]);
}
