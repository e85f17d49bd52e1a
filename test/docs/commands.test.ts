import { expect, test } from 'vitest';
import { commandFaults } from './command.ts';
import { commandsIn, documents } from './documents.ts';

const commands = documents.flatMap((document) =>
  commandsIn(document).map((command) => [document.path, command] as const),
);

test('the documents hold commands', () => {
  expect(commands.length).toBeGreaterThan(25);
});

test.each(commands)('%s: %s', (_path, command) => {
  expect(commandFaults(command)).toEqual([]);
});

test.each([
  ['npm run packages', 'there is no such script'],
  ['npm run package -- --app apps.yaml', 'does not know --app'],
  ['npm run package --apps apps.yaml', 'comes after --'],
  ['npm run package -- apps.yaml', 'takes no apps.yaml'],
  ['npm run verify-journal -- --head h.json', 'does not know --head'],
  ['Storag=x npm run verify-journal', 'is no setting'],
  ['npm install', 'is not known here'],
  ['rm -rf /', 'is no command that is known here'],
  ['npm ci && npm run demos', 'there is no such script'],
  ['azd downs', 'is not known here'],
  ['azd deploy ingress --from-package dist/package', 'names no zip'],
  ['az role assignment delete --assignee "$WARMSWAP_DEPLOYER" --scope SITE', 'is no output'],
  ['az role assignment delete --ids $(az role assignment list --every)', 'takes no --every'],
  ["az role definition delete --resource-group shop --name 'Warmswap on sites (…)'", 'is no role we make'],
  ['az group delete --name "$AZURE_RESOURCE_GROUP" --everything', 'takes no --everything'],
  ['az group delete --resource-group other', 'is none we know'],
  ['az rest --method get --url "/subscriptions"', 'is not known here'],
  ['az webapp delete --name storefront', 'is not known here'],
  ['azd env set WARMSWAP_SITE x', 'does not ask for it'],
  ['azd env set WARMSWAP_SITES', 'too few or many words'],
  [
    'az deployment sub create --template-file infra/azure/main.json --parameters environmentName=a location=b sites=c',
    'no such file',
  ],
  [
    'az deployment sub create --template-file infra/azure/main.bicep --parameters environmentName=a location=b',
    'sites: is missing',
  ],
  [
    'az deployment sub create --template-file infra/azure/main.bicep --parameters environmentName=a location=b sites=c site=d',
    'site: is no parameter',
  ],
  [
    'az functionapp deployment source config-zip --resource-group rg-warmswap --name A --src dist/warmswap.zip',
    'names no zip',
  ],
  [
    'az functionapp config appsettings set --resource-group rg-warmswap --name A --settings WARMSWAP_HALT=true',
    'is no setting',
  ],
  ['ask "$WARMSWAP_URL/api/v1/lane"', 'no such route'],
  ['ask "$WARMSWAP_URL/api/v1/dead-letters?max=3"', 'takes no max'],
  [`ask --json '{ "type": "release" }' "$WARMSWAP_URL/api/v1/commands"`, 'lane: is missing'],
])('planted: %s', (command, fault) => {
  expect(commandFaults(command).join('; ')).toContain(fault);
});
