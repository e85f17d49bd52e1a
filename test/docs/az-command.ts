import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../infra/local/root.ts';
import { bicep, option, ourZip, read, settingFaults } from './known.ts';

/** What is wrong with a command of az; `args` is what follows its name. */
export function az(args: string[]): string[] {
  const verb = args.filter((word) => !word.startsWith('-')).join(' ');
  if (verb.startsWith('login')) return [];
  const faults = [...namedFaults(args), ...groupFaults(args)];
  if (verb.startsWith('deployment sub create')) return [...faults, ...deploymentFaults(args)];
  if (verb.startsWith('functionapp deployment source config-zip'))
    return option(args, '--src') === ourZip ? faults : ['--src: names no zip we make'];
  if (verb.startsWith('functionapp config appsettings set'))
    return [...faults, ...settingFaults(option(args, '--settings') ?? '')];
  if (verb.startsWith('rest ')) return [...faults, ...restFaults(args)];
  const known = Object.entries(azCommands).find(([command]) => verb.startsWith(command));
  if (known === undefined) return [`az ${verb}: is not known here`];
  const given = args.filter((word) => word.startsWith('--'));
  return [
    ...faults,
    ...given.filter((word) => !known[1].includes(word)).map((word) => `az ${known[0]}: takes no ${word}`),
    ...(known[0].startsWith('role definition') ? roleFaults(option(args, '--name')) : []),
  ];
}

/** Other commands of az, with the options of theirs that are used here: as their reference has them. */
const azCommands: Record<string, readonly string[]> = {
  'deployment sub show': ['--name', '--query'],
  'functionapp stop': ['--resource-group', '--name'],
  'functionapp start': ['--resource-group', '--name'],
  'role assignment delete': ['--ids', '--assignee', '--scope'],
  'role assignment list': ['--assignee', '--all', '--query', '--output'],
  'role definition list': ['--resource-group', '--custom-role-only', '--query'],
  'role definition delete': ['--resource-group', '--name'],
  'eventgrid system-topic list': ['--resource-group', '--query'],
  'eventgrid system-topic delete': ['--resource-group', '--name', '--yes'],
  'group delete': ['--name'],
  'keyvault purge': ['--name'],
};

/** What a command takes from `azd env get-values` is an output of main.bicep. */
const namedFaults = (args: string[]): string[] =>
  [...args.join(' ').matchAll(/\$(WARMSWAP_\w+|AZURE_\w+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => !bicep.includes(`\noutput ${name} string`))
    .map((name) => `${name}: is no output of infra/azure/main.bicep`);

/** The name of a role, shortened by …, is that of one we make. */
const roleFaults = (name: string | undefined): string[] => {
  const [start = ''] = (name ?? '').replaceAll("'", '').split('…');
  const made = ['site-role.bicep', 'storage.bicep'].some((file) =>
    read(`infra/azure/${file}`).includes(`roleName: '${start}`),
  );
  return name === undefined || made ? [] : [`${name}: is no role we make`];
};

const restFaults = (args: string[]): string[] =>
  option(args, '--method') === 'post' &&
  /^"\/subscriptions\/\{subscriptionId\}\/resourceGroups\/\$AZURE_RESOURCE_GROUP\/providers\/Microsoft\.Web\/sites\/\$WARMSWAP_(INGRESS|DEPLOYER)_APP\/config\/configreferences\/appsettings\/refresh\?api-version=2022-03-01"$/.test(
    option(args, '--url') ?? '',
  )
    ? []
    : ['az rest: asks for something that is not known here'];

/** The group is made by main.bicep, comes from azd, or is the one the example of a site lies in. */
const groupFaults = (args: string[]): string[] =>
  ['rg-warmswap', '"$AZURE_RESOURCE_GROUP"', 'shop', undefined].includes(option(args, '--resource-group'))
    ? []
    : ['--resource-group: is none we know'];

function deploymentFaults(args: string[]): string[] {
  const file = option(args, '--template-file') ?? '';
  const given = args.slice(args.indexOf('--parameters') + 1).map((word) => word.split('=')[0] ?? '');
  const declared = [...bicep.matchAll(/^param (\w+) \w+( =)?/gm)].map(([, name = '', value]) => ({ name, value }));
  return [
    ...(existsSync(join(root, file)) ? [] : [`${file}: there is no such file`]),
    ...given.filter((name) => !declared.some((one) => one.name === name)).map((name) => `${name}: is no parameter`),
    ...declared.flatMap(({ name, value }) =>
      value === undefined && !given.includes(name) ? [`${name}: is missing`] : [],
    ),
  ];
}
