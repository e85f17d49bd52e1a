import type { Row } from '../../shared/adapters/tables/row.ts';

type Test = (row: Row) => boolean;

const ONE =
  /^(\w+) (eq|ne|ge|gt|le|lt) (?:'((?:[^']|'')*)'|datetime'([^']*)'|(true|false)|(-?\d+(?:\.\d+)?))(?: and |$)/;
const compiled = new Map<string, { test: Test; partition: string | null }>();

/** The part of OData that our adapters speak: comparisons joined by `and`. Throws for anything else, so that no filter passes unread. */
export function filterOf(text: string): { test: Test; partition: string | null } {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const tests: Test[] = [];
  let partition: string | null = null;
  for (let rest = text; rest !== ''; ) {
    const found = ONE.exec(rest);
    if (found === null) throw new Error(`the table in memory cannot read the filter: ${rest}`);
    const [whole, name = '', operator = '', quoted, instant, truth, number] = found;
    const property = name === 'PartitionKey' ? 'partitionKey' : name === 'RowKey' ? 'rowKey' : name;
    const value = literalOf(quoted, instant, truth, number);
    if (property === 'partitionKey' && operator === 'eq') partition = String(value);
    else tests.push((row) => compares(row[property], operator, value));
    rest = rest.slice(whole.length);
  }
  const filter = { test: (row: Row) => tests.every((test) => test(row)), partition };
  // Filters that name an instant never come again.
  if (!text.includes('datetime')) compiled.set(text, filter);
  return filter;
}

function literalOf(quoted?: string, instant?: string, truth?: string, number?: string): string | number | boolean {
  if (quoted !== undefined) return quoted.replaceAll("''", "'");
  if (instant !== undefined) return Date.parse(instant);
  return truth === undefined ? Number(number) : truth === 'true';
}

/** A row without the property meets no comparison. */
function compares(found: unknown, operator: string, value: string | number | boolean): boolean {
  const own = found instanceof Date ? found.getTime() : found;
  if (typeof own !== typeof value) return false;
  const left = own as typeof value;
  switch (operator) {
    case 'eq':
      return left === value;
    case 'ne':
      return left !== value;
    case 'ge':
      return left >= value;
    case 'gt':
      return left > value;
    case 'le':
      return left <= value;
    default:
      return left < value;
  }
}
