import type { BicepFile } from './bicep.ts';
import { code, everyNode } from './bicep.ts';
import { evaluate, isObject } from './evaluate.ts';

/** API versions that are a preview because nothing else is offered. None is. */
const previews: readonly string[] = [];
const SECRET = /token|secret|password|key$/i;
/** Names that sound like a secret and are none; nor is the address of one. */
const harmless = new Set(['token']);

/** The file is Bicep at all, and names of what it uses are known. */
export const syntaxFaults = ({ name, tree }: BicepFile): string[] =>
  [...everyNode(tree)]
    .filter((node) => node.isError || node.isMissing)
    .map((node) => `${name}:${node.startPosition.row + 1}: a fault of syntax`);

/** Parameters are described and used; variables, and what is declared, too. */
export function nameFaults(file: BicepFile): string[] {
  const { name, parameters, variables, declarations } = file;
  const used = new Map<string, number>();
  for (const node of everyNode(file.tree))
    if (node.type === 'identifier') used.set(node.text, (used.get(node.text) ?? 0) + 1);
  const unused = (symbol: string): boolean => {
    const keys = [...everyNode(file.tree)].filter(
      (node) =>
        node.type === 'object_property' && code(node)[0]?.text === symbol && code(node)[0]?.type === 'identifier',
    ).length;
    return (used.get(symbol) ?? 0) - keys < 2;
  };
  return [
    ...parameters
      .filter(({ decorators }) => !decorators.includes('description'))
      .map((each) => `${name}: parameter ${each.name} is not described`),
    ...[...parameters.map((each) => each.name), ...variables.keys()]
      .filter(unused)
      .map((symbol) => `${name}: ${symbol} is not used`),
    ...declarations
      .filter(({ existing, symbol }) => existing && unused(symbol))
      .map(({ symbol }) => `${name}: ${symbol} is named and not used`),
  ];
}

/** No secret stands in a file, and each that comes in is marked as one, down to where it is used. */
export function secretFaults(file: BicepFile): string[] {
  const { name, text, parameters, outputs } = file;
  const secrets = parameters.filter(({ decorators }) => decorators.includes('secure'));
  const sounding = parameters.filter(
    (each) => SECRET.test(each.name) && !harmless.has(each.name) && !/Uri$/.test(each.name),
  );
  return [
    ...['tokens', ...sounding.map((each) => each.name)]
      .filter((each) => parameters.some((parameter) => parameter.name === each))
      .filter((each) => !secrets.some((secret) => secret.name === each))
      .map((each) => `${name}: parameter ${each} is not @secure()`),
    ...secrets
      .filter(({ value }) => value !== null && evaluate(file, value) !== '')
      .map((each) => `${name}: parameter ${each.name} has a default`),
    ...secrets.flatMap((secret) =>
      [...outputs]
        .filter(([, value]) => [...everyNode(value)].some((node) => node.text === secret.name))
        .map(([output]) => `${name}: output ${output} tells ${secret.name}`),
    ),
    ...[/listKeys\(|listAccountSas\(|listSecrets?\(/i, /AccountKey=|SharedAccessKey(Name)?=/i, /xox[abp]-|AKIA/]
      .filter((pattern) => pattern.test(text))
      .map((pattern) => `${name}: ${pattern.source} stands in it`),
  ];
}

/** Versions of resource types are dates, and no previews. */
export const versionFaults = ({ name, declarations }: BicepFile): string[] =>
  declarations
    .filter(({ kind }) => kind === 'resource')
    .filter(
      ({ type, apiVersion }) => !/^\d{4}-\d\d-\d\d$/.test(apiVersion) && !previews.includes(`${type}@${apiVersion}`),
    )
    .map(({ type, apiVersion }) => `${name}: ${type}@${apiVersion} is no released version`);

/** Modules are there, are given what they ask for and nothing else, and every file but the first is one. */
export function moduleFaults(files: readonly BicepFile[]): string[] {
  const called = new Set<string>(['main.bicep']);
  const faults = files.flatMap((file) =>
    file.declarations.flatMap(({ kind, type, symbol, body }) => {
      if (kind !== 'module') return [];
      called.add(type);
      const module = files.find(({ name }) => name === type);
      if (module === undefined) return [`${file.name}: there is no ${type}`];
      const whole = evaluate(file, body);
      const params = isObject(whole) && isObject(whole.params) ? Object.keys(whole.params) : [];
      const names = module.parameters.map(({ name }) => name);
      return [
        ...params.filter((each) => !names.includes(each)).map((each) => `${file.name}: ${type} takes no ${each}`),
        ...module.parameters
          .filter(({ name, value }) => value === null && !params.includes(name))
          .map(({ name }) => `${file.name}: ${type} is not given ${name}`),
        ...outputsAsked(file, symbol)
          .filter((each) => !module.outputs.has(each))
          .map((each) => `${file.name}: ${type} puts out no ${each}`),
      ];
    }),
  );
  const alone = files.filter(({ name }) => !called.has(name)).map(({ name }) => `${name} is used by none`);
  return [...faults, ...alone];
}

/** `identities.outputs.ingress`, `siteAccess[index].outputs.siteLocation` → the output's name. */
const outputsAsked = ({ text }: BicepFile, symbol: string): string[] =>
  [...text.matchAll(new RegExp(`\\b${symbol}(?:\\[\\w+\\])?\\.outputs\\.(\\w+)`, 'g'))].map(([, name = '']) => name);
