import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { root } from '../../infra/local/root.ts';

/** A parameter of a file: its decorators without their arguments, and its default. */
export interface Parameter {
  name: string;
  decorators: string[];
  value: Node | null;
}

/** A resource or a module, as it is written: `type` is the file of a module. */
export interface Declaration {
  kind: 'resource' | 'module';
  symbol: string;
  type: string;
  apiVersion: string;
  existing: boolean;
  /** What is looped over and under which names, where it is a loop. */
  loop: { names: string[]; over: Node } | null;
  body: Node;
}

export interface BicepFile {
  name: string;
  text: string;
  tree: Node;
  parameters: Parameter[];
  variables: ReadonlyMap<string, Node>;
  declarations: Declaration[];
  outputs: ReadonlyMap<string, Node>;
}

let parser: Parser | undefined;

/** To be awaited once before `parseBicep`. */
export async function loadGrammar(): Promise<void> {
  await Parser.init();
  const grammar = await Language.load(
    readFileSync(join(root, 'node_modules/tree-sitter-bicep/tree-sitter-bicep.wasm')),
  );
  parser = new Parser();
  parser.setLanguage(grammar);
}

/** One file, taken apart. Throws where the grammar was not loaded; a fault of syntax is left in the tree. */
export function parseBicep(name: string, text: string): BicepFile {
  const tree = parser?.parse(text)?.rootNode;
  if (tree === undefined) throw new Error('the grammar of Bicep is not loaded');
  const parameters: Parameter[] = [];
  const variables = new Map<string, Node>();
  const outputs = new Map<string, Node>();
  const declarations: Declaration[] = [];
  let decorators: string[] = [];
  for (const node of code(tree)) {
    const parts = code(node);
    const symbol = parts[0]?.text ?? '';
    const last = parts.at(-1);
    if (node.type === 'decorators') {
      decorators = code(node).map((each) => /^@\s*([\w.]+)/.exec(each.text)?.[1] ?? each.text);
      continue;
    }
    if (node.type === 'parameter_declaration')
      parameters.push({ name: symbol, decorators, value: parts.length > 2 ? (last ?? null) : null });
    else if (node.type === 'variable_declaration' && last !== undefined) variables.set(symbol, last);
    else if (node.type === 'output_declaration' && last !== undefined) outputs.set(symbol, last);
    else if (node.type === 'resource_declaration' || node.type === 'module_declaration')
      declarations.push(declarationOf(node, parts));
    decorators = [];
  }
  return { name, text, tree, parameters, variables, outputs, declarations };
}

function declarationOf(node: Node, parts: Node[]): Declaration {
  const [symbol, type, what] = parts;
  if (symbol === undefined || type === undefined || what === undefined) throw new Error(`cannot read ${node.text}`);
  const [path = '', apiVersion = ''] = type.text.slice(1, -1).split('@');
  const loop = what.type === 'for_statement' ? loopOf(what) : null;
  const guarded = loop?.body ?? what;
  const body = guarded.type === 'if_statement' ? code(guarded).at(-1) : guarded;
  if (body === undefined) throw new Error(`cannot read ${node.text}`);
  return {
    kind: node.type === 'module_declaration' ? 'module' : 'resource',
    symbol: symbol.text,
    type: path,
    apiVersion,
    existing: node.children.some((child) => child?.text === 'existing'),
    loop,
    body,
  };
}

function loopOf(node: Node): { names: string[]; over: Node; body: Node } {
  const [names, over, body] = code(node);
  if (names === undefined || over === undefined || body === undefined) throw new Error(`cannot read ${node.text}`);
  return { names: names.type === 'identifier' ? [names.text] : code(names).map(({ text }) => text), over, body };
}

/** The children that mean something. */
export const code = (node: Node): Node[] =>
  node.namedChildren.filter((child): child is Node => child !== null && child.type !== 'comment');

/** What stands behind a key of an object as it is written; undefined where the key is not there. */
export function written(object: Node, ...keys: string[]): Node | undefined {
  let at: Node | undefined = object;
  for (const key of keys)
    at = code(at ?? object)
      .map(code)
      .find(([name]) => name?.text === key)?.[1];
  return at;
}

/** Every node below, itself included. */
export function* everyNode(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) if (child !== null) yield* everyNode(child);
}
