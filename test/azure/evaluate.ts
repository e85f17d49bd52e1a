import type { Node } from 'web-tree-sitter';
import { type BicepFile, code, type Declaration } from './bicep.ts';

/** A value of Bicep; Unknown where only Azure knows it, and a function where it is a lambda. */
export type Value = string | number | boolean | null | Value[] | { [name: string]: Value } | Unknown | Lambda;
type Lambda = (value: Value) => Value;
/** What has a name here and a value on Azure alone. */
export class Unknown {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
/** Names that are not of the file: parameters, module outputs, loop variables. */
export type Given = Readonly<Record<string, Value>>;

export const isObject = (value: Value | undefined): value is { [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown);

const unknown = (node: Node): Unknown => new Unknown(node.text);
const isTrue = (value: Value): boolean => value === true;
const textOf = (value: Value): string => (value instanceof Unknown ? `‹${value.text}›` : String(value));

/** What an expression comes to, as far as the file and what is given say. */
export function evaluate(file: BicepFile, node: Node, given: Given = {}): Value {
  const at = (each: Node | undefined): Value => (each === undefined ? null : evaluate(file, each, given));
  const parts = code(node);
  switch (node.type) {
    case 'string':
      return stringOf(file, node, given);
    case 'number':
      return Number(node.text);
    case 'boolean':
      return node.text === 'true';
    case 'null':
      return null;
    case 'array':
      return parts.map(at);
    case 'object':
      return Object.fromEntries(parts.map((each) => propertyOf(file, each, given)));
    case 'parenthesized_expression':
      return at(parts[0]);
    case 'identifier': {
      if (Object.hasOwn(given, node.text)) return given[node.text] ?? null;
      const variable = file.variables.get(node.text);
      return variable === undefined ? unknown(node) : evaluate(file, variable, given);
    }
    case 'ternary_expression': {
      const condition = at(parts[0]);
      return condition instanceof Unknown ? unknown(node) : at(isTrue(condition) ? parts[1] : parts[2]);
    }
    case 'unary_expression': {
      const value = at(parts[0]);
      return value instanceof Unknown ? unknown(node) : !isTrue(value);
    }
    case 'member_expression':
    case 'subscript_expression':
      return memberOf(file, node, given);
    case 'lambda_expression':
      return lambdaOf(file, parts, (body) => body, given);
    case 'call_expression':
      return callOf(node, code(parts[1] ?? node).map(at));
    default:
      return unknown(node);
  }
}

function stringOf(file: BicepFile, node: Node, given: Given): string {
  return code(node)
    .map((part) => {
      if (part.type === 'interpolation') return textOf(evaluate(file, code(part)[0] ?? part, given));
      return part.type === 'escape_sequence' ? part.text.slice(1) : part.text;
    })
    .join('');
}

function propertyOf(file: BicepFile, property: Node, given: Given): [string, Value] {
  const [name, value] = code(property);
  if (name === undefined || value === undefined) throw new Error(`cannot read ${property.text}`);
  const key = name.type === 'string' ? stringOf(file, name, given) : name.text;
  return [key, evaluate(file, value, given)];
}

function memberOf(file: BicepFile, node: Node, given: Given): Value {
  const [object, key] = code(node);
  if (object === undefined || key === undefined) return unknown(node);
  const pick = (value: Value): Value => {
    const name = node.type === 'member_expression' ? key.text : evaluate(file, key, given);
    if (Array.isArray(value) && typeof name === 'number') return value[name] ?? null;
    return isObject(value) && typeof name === 'string' ? (value[name] ?? null) : unknown(node);
  };
  // The grammar reads `each => each.name` as a member of the lambda.
  if (object.type === 'lambda_expression') return lambdaOf(file, code(object), pick, given);
  return pick(evaluate(file, object, given));
}

function lambdaOf(file: BicepFile, [name, body]: Node[], after: (value: Value) => Value, given: Given): Lambda {
  if (name === undefined || body === undefined) throw new Error('a lambda without a body');
  return (value) => after(evaluate(file, body, { ...given, [name.text]: value }));
}

function callOf(node: Node, [first = null, second = null, third = null, ...more]: Value[]): Value {
  const name = code(node)[0]?.text ?? '';
  const called = (lambda: Value, value: Value): Value =>
    typeof lambda === 'function' ? lambda(value) : new Unknown(node.text);
  if (name === 'environment') return { resourceManager: 'https://management.azure.com/' };
  if (first instanceof Unknown) return unknown(node);
  if (name === 'empty') return isObject(first) ? Object.keys(first).length === 0 : first === '' || first === null;
  if (name === 'trim') return String(first).trim();
  if (name === 'toLower') return String(first).toLowerCase();
  if (name === 'split') return String(first).split(String(second));
  if (name === 'union' && isObject(first))
    return Object.assign({}, ...[first, second, third, ...more].filter(isObject)) as { [name: string]: Value };
  if (!Array.isArray(first)) return unknown(node);
  if (name === 'union') return [...new Set([first, second].flat())];
  if (name === 'map') return first.map((each) => called(second, each));
  if (name === 'filter') return first.filter((each) => isTrue(called(second, each)));
  if (name === 'toObject') return Object.fromEntries(first.map((e) => [String(called(second, e)), called(third, e)]));
  return unknown(node);
}

/** A declaration once for each turn of its loop, its body evaluated. */
export function instancesOf(file: BicepFile, { loop, body }: Declaration, given: Given = {}): Value[] {
  if (loop === null) return [evaluate(file, body, given)];
  const over = evaluate(file, loop.over, given);
  if (!Array.isArray(over)) return [evaluate(file, body, given)];
  const [item = '', index = ''] = loop.names;
  return over.map((each, at) => evaluate(file, body, { ...given, [item]: each, [index]: at }));
}
