import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import description from '../../docs/openapi.json' with { type: 'json' };

/** The description as its readers use it: what it says of one route's bodies and answers, as functions that judge them. */
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(description, 'openapi');

interface Content {
  content?: Record<string, { schema?: object }>;
}
interface Described {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

const operations = Object.entries(description.paths as Record<string, Record<string, Described>>).flatMap(
  ([path, methods]) => Object.entries(methods).map(([method, described]) => ({ path, method, described })),
);

function operation(name: string) {
  const found = operations.find(({ described }) => described.operationId === name);
  if (found === undefined) throw new Error(`the description has no ${name}`);
  return found;
}

const judges = new Map<string, ValidateFunction>();

function judge(path: string[]): ValidateFunction {
  const pointer = path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const known = judges.get(pointer) ?? ajv.compile({ $ref: `openapi#/${pointer}` });
  judges.set(pointer, known);
  return known;
}

/** Why an answer is not what the description says; null where it is. */
export function faultOfAnswer(name: string, status: number, type: string, body: unknown): string | null {
  const { path, method, described } = operation(name);
  const response = described.responses[status];
  if (response === undefined) return `${name} does not answer ${status}`;
  if (response.content?.[type] === undefined) return `${name} does not answer ${status} as ${type}`;
  if (response.content[type].schema === undefined) return null;
  return faultBy(judge(['paths', path, method, 'responses', String(status), 'content', type, 'schema']), body);
}

/** Why a body must not be sent; null where it may. */
export function faultOfBody(name: string, body: unknown): string | null {
  const { path, method } = operation(name);
  return faultBy(judge(['paths', path, method, 'requestBody', 'content', 'application/json', 'schema']), body);
}

function faultBy(validate: ValidateFunction, value: unknown): string | null {
  return validate(value) ? null : ajv.errorsText(validate.errors);
}

/** What is described, as method and path. */
export const describedRoutes: string[] = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

/** Why an address cannot be asked; null where it can. */
export function faultOfPath(method: string, address: string): string | null {
  const [path = '', query = ''] = address.split('?');
  const found = operations.find(
    (one) =>
      one.method === method.toLowerCase() && new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  if (found === undefined) return `${method} ${path}: there is no such route`;
  const known = (found.described.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name);
  const unknown = [...new URLSearchParams(query).keys()].filter((name) => !known.includes(name));
  return unknown.length === 0 ? null : `${method} ${path}: takes no ${unknown.join(', ')}`;
}
