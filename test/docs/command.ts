import { parse } from 'yaml';
import { decodeCommand } from '../../shared/wire/commands/warmswap.ts';
import { az } from './az-command.ts';
import { faultOfPath } from './description.ts';
import { option, ourZip, read, scripts, settingFaults } from './known.ts';

/** What is wrong with a command of the documents; empty where nothing is. A command that is not known here is wrong. */
export function commandFaults(line: string): string[] {
  const inner = [...line.matchAll(/\$\((az [^)]*)\)/g)].map(([, command = '']) => command);
  return [...line.replaceAll(/\$\(az [^)]*\)/g, 'IDS').split(/ && | \| /), ...inner].flatMap((one) => {
    const { words, settings } = wordsOf(one);
    const [program = '', ...args] = words;
    const judge = programs[program];
    const faults = judge === undefined ? [`${program}: is no command that is known here`] : judge(args);
    return [...faults, ...settings.flatMap(settingFaults)];
  });
}

/** A line in words, without what is set before it and where its output goes. */
function wordsOf(line: string): { words: string[]; settings: string[] } {
  const words = [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word);
  const first = words.findIndex((word) => !/^\w+=/.test(word));
  const end = words.indexOf('>');
  return { settings: words.slice(0, first), words: words.slice(first, end < 0 ? undefined : end) };
}

const azdHooks = (parse(read('azure.yaml')) as { hooks: Record<string, unknown> }).hooks;
const azdParameters = read('infra/azure/main.parameters.json');

/** Where a script reads what follows its name; a script that is not here takes nothing. */
const readers: Record<string, string[]> = {
  start: ['infra/local/arguments.ts'],
  ship: ['infra/local/ship/arguments.ts'],
  package: ['infra/package/package.ts'],
  simulate: ['test/simulation/simulate.ts', 'infra/package/simulate.mjs'],
  golden: ['test/golden/main.ts'],
  openapi: ['infra/describe/openapi.mjs'],
  backup: ['infra/operate/backup/main.ts'],
  restore: ['infra/operate/restore/main.ts'],
  'take-over': ['infra/operate/take-over/main.ts'],
  'verify-journal': ['infra/operate/verify-journal/arguments.ts'],
};

/** Those that take the path of a file, or a version, besides options. */
const takingWords = new Set(['ship', 'release-process']);

function npm(args: string[]): string[] {
  const [verb = '', ...rest] = args.filter((word) => word !== '--silent');
  if (verb === 'ci') return [];
  const [name = '', given] = verb === 'run' ? [rest[0], rest.slice(1)] : [verb, rest];
  if (verb !== 'run' && verb !== 'test' && verb !== 'start') return [`npm ${verb}: is not known here`];
  if (scripts[name] === undefined) return [`npm run ${name}: there is no such script`];
  const after = given.indexOf('--');
  const own = after < 0 ? given : given.slice(after + 1);
  if (after < 0 && own.length > 0) return [`npm run ${name}: what is for the script comes after --`];
  return own.flatMap((word, at) => wordFaults(name, word, own[at - 1]));
}

function wordFaults(script: string, word: string, before: string | undefined): string[] {
  if (!word.startsWith('--')) {
    const isValue = before?.startsWith('--') === true;
    return isValue || takingWords.has(script) ? [] : [`npm run ${script}: takes no ${word}`];
  }
  const flag = word.slice(2);
  const sources = (readers[script] ?? []).map(read);
  const reads = new RegExp(`(?:^|[\\s{])'?${flag}'?: \\{ ?type:|--${flag}\\b`, 'm');
  return sources.some((source) => reads.test(source)) ? [] : [`npm run ${script}: does not know ${word}`];
}

function azd(args: string[]): string[] {
  const verb = args.slice(0, 2).join(' ');
  // What is deployed is packaged anew by a hook; without it, azd deploys what lay there.
  if (args[0] === 'deploy' && azdHooks.predeploy === undefined)
    return ['azd deploy: azure.yaml has no hook that packages'];
  if (verb === 'deploy ingress' || verb === 'deploy deployer')
    return args.length === 4 && option(args, '--from-package') === ourZip
      ? []
      : ['--from-package: names no zip we make'];
  if (
    ['up', 'deploy', 'provision', 'provision --no-state', 'auth login', 'env get-values'].includes(args.join(' ')) ||
    verb === 'env new'
  )
    return [];
  // Told of, because it must not be run.
  if (verb === 'down' && azdHooks.predown !== undefined) return [];
  const name = args[2] ?? '';
  if (verb !== 'env set' && verb !== 'env set-secret') return [`azd ${args.join(' ')}: is not known here`];
  // The command as it is spoken of, without what to set.
  if (args.length === 2) return [];
  if (args.length !== (verb === 'env set' ? 4 : 3)) return [`azd ${verb}: has too few or many words`];
  return azdParameters.includes(`\${${name}}`) || azdParameters.includes(`\${${name}=`)
    ? []
    : [`azd ${verb} ${name}: infra/azure/main.parameters.json does not ask for it`];
}

/** `ask`, which operations.md defines: curl with the token. */
function ask(args: string[]): string[] {
  const address = args.find((word) => word.includes('$WARMSWAP_URL'))?.replaceAll('"', '') ?? '';
  const body = args.includes('--json') ? option(args, '--json')?.replaceAll("'", '') : undefined;
  const named = args.includes('--request') ? option(args, '--request') : undefined;
  const path = faultOfPath(named ?? (body === undefined ? 'GET' : 'POST'), address.replace('$WARMSWAP_URL', ''));
  const command = body === undefined ? null : decodeCommand(body);
  return [...(path === null ? [] : [path]), ...(command === null || command.ok ? [] : [command.why])];
}

const programs: Record<string, (args: string[]) => string[]> = {
  npm,
  azd,
  az,
  ask,
  eval: (args) => (args.join(' ') === '"$(azd env get-values)"' ? [] : ['eval: of something else']),
  'ask()': () => [],
};
