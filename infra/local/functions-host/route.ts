/** A route template of ASP.NET, read: it tells its values for a path, or that the path is not its own. */
export interface Route {
  template: string;
  /** Two templates with the same key answer the same paths. */
  key: string;
  /** Smaller is tried first: literal before constrained before free before catch-all, segment by segment. */
  precedence: string;
  match(path: string): Record<string, string> | undefined;
}

type Check = (value: string) => boolean;
const plainChecks: Record<string, Check> = {
  int: (value) => /^[+-]?\d{1,10}$/.test(value),
  long: (value) => /^[+-]?\d{1,19}$/.test(value),
  float: (value) => value !== '' && Number.isFinite(Number(value)),
  double: (value) => value !== '' && Number.isFinite(Number(value)),
  decimal: (value) => value !== '' && Number.isFinite(Number(value)),
  bool: (value) => /^(true|false)$/i.test(value),
  alpha: (value) => /^[a-z]*$/i.test(value),
  guid: (value) => /^\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i.test(value),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  required: (value) => value !== '',
};

function checkOf(constraint: string): Check {
  const [, name = '', argument] = /^(\w+)(?:\((.*)\))?$/s.exec(constraint) ?? [];
  const plain = plainChecks[name.toLowerCase()];
  if (plain && argument === undefined) return plain;
  const [first = Number.NaN, second = Number.NaN] = (argument ?? '').split(',').map(Number);
  switch (name.toLowerCase()) {
    case 'min':
      return (value) => plainChecks.long?.(value) === true && Number(value) >= first;
    case 'max':
      return (value) => plainChecks.long?.(value) === true && Number(value) <= first;
    case 'range':
      return (value) => plainChecks.long?.(value) === true && Number(value) >= first && Number(value) <= second;
    case 'minlength':
      return (value) => value.length >= first;
    case 'maxlength':
      return (value) => value.length <= first;
    case 'length':
      return (value) => value.length >= first && value.length <= (Number.isNaN(second) ? first : second);
    case 'regex': {
      const pattern = new RegExp((argument ?? '').replaceAll('{{', '{').replaceAll('}}', '}'), 'i');
      return (value) => pattern.test(value);
    }
    default:
      throw new Error(`the route constraint "${constraint}" is not known`);
  }
}

interface Parameter {
  name: string;
  checks: Check[];
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Splits at slashes and colons that are not inside braces or parentheses. */
function splitOutside(text: string, separator: string, open: string, close: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of text) {
    if (char === open) depth += 1;
    if (char === close) depth -= 1;
    if (char === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

/** Braces inside a regex constraint are doubled in a template, so a parameter may hold `{{` and `}}`. */
const parameterPattern = /\{(\*{0,2})(\w+)((?::(?:[^{}]|\{\{|\}\})+?)?)(\??)\}/g;

/**
 * Reads a route template such as `lanes/{app}/{number:int?}` or `files/{*rest}`. Matching ignores case in literal parts;
 * values come decoded.
 * @throws a sentence when the template cannot be read
 */
export function parseRoute(template: string): Route {
  const parameters: Parameter[] = [];
  let pattern = '^';
  let key = '';
  let precedence = '';
  for (const segment of splitOutside(template.replace(/^\/+|\/+$/g, ''), '/', '{', '}').filter((part) => part !== '')) {
    let body = '';
    let at = 0;
    let rank = 1;
    let wrap = (text: string): string => `/${text}`;
    key += '/';
    for (const found of segment.matchAll(parameterPattern)) {
      const [whole, stars = '', name = '', constraints = '', optional = ''] = found;
      const before = segment.slice(at, found.index);
      if (/[{}]/.test(before)) throw new Error(`the route "${template}" cannot be read at "${segment}"`);
      body += literal(before);
      at = found.index + whole.length;
      if (parameters.some((known) => known.name.toLowerCase() === name.toLowerCase())) {
        throw new Error(`the route "${template}" names the parameter "${name}" twice`);
      }
      const texts = splitOutside(constraints.slice(1), ':', '(', ')').filter((text) => text !== '');
      parameters.push({ name, checks: texts.map(checkOf) });
      body += stars ? '(.*)' : '([^/]+)';
      if (stars || optional) wrap = (text) => `(?:/${text})?`;
      rank = stars ? 5 : constraints || whole !== segment ? 2 : 3;
      key += `${before.toLowerCase()}{${stars}${texts.join(':')}}`;
    }
    const rest = segment.slice(at);
    if (/[{}]/.test(rest)) throw new Error(`the route "${template}" cannot be read at "${segment}"`);
    pattern += wrap(body + literal(rest));
    key += rest.toLowerCase();
    precedence += rank;
  }
  const expression = new RegExp(`${pattern}/?$`, 'i');
  return { template, key, precedence, match: (path) => matchPath(expression, parameters, path) };
}

function matchPath(expression: RegExp, parameters: Parameter[], path: string): Record<string, string> | undefined {
  const found = expression.exec(path);
  if (!found) return undefined;
  const values: Record<string, string> = {};
  for (const [index, { name, checks }] of parameters.entries()) {
    const raw = found[index + 1];
    if (raw === undefined || raw === '') continue;
    const value = decoded(raw);
    if (!checks.every((check) => check(value))) return undefined;
    values[name] = value;
  }
  return values;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
