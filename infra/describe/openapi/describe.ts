import '../../../functions/http/routes.ts';
import { type NotedRoute, routes } from './noted.ts';
import { type Answer, type Operation, operations, type QueryName } from './operations.ts';
import { type SchemaName, schemas } from './schemas.ts';

/** The API as OpenAPI 3.1: routes from the code, bodies and answers from the schemas, words from operations.ts. */
export function describe(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = `/${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Warmswap',
      version,
      summary: 'Continuous deployment for Azure App Service.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: schemas(),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A named token; which right an operation takes is its `x-right`: read, report, deploy or command.',
        },
        slackSignature: {
          type: 'apiKey',
          in: 'header',
          name: 'x-slack-signature',
          description:
            '`v0=` and the HMAC-SHA256 of `v0:<x-slack-request-timestamp>:<body>` with the signing secret of the Slack app.',
        },
      },
    },
  };
}

function operationOf({ name, method, path, scheme }: NotedRoute): object {
  const operation = operations[name];
  if (operation === undefined) throw new Error(`infra/describe/openapi/operations.ts does not say what ${name} is`);
  const fromPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => pathParameter(parameter));
  const parameters = [...fromPath, ...(operation.query ?? []).map(queryParameter)];
  return {
    operationId: name,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    ...(scheme.kind === 'bearer' ? { 'x-right': scheme.right } : {}),
    security: { bearer: [{ bearer: [] }], slack: [{ slackSignature: [] }], open: [] }[scheme.kind],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(operation, method, scheme.kind === 'slack'),
    responses: responsesOf(operation, scheme.kind),
  };
}

function requestBody({ body }: Operation, method: string, form: boolean): object {
  if (method !== 'POST' || (body === undefined && !form)) return {};
  const [type, schema] = body === undefined ? [FORM, { type: 'object' }] : ['application/json', refTo(body)];
  return { requestBody: { required: true, content: { [type]: { schema } } } };
}

const FORM = 'application/x-www-form-urlencoded';

function responsesOf(operation: Operation, kind: NotedRoute['scheme']['kind']): object {
  const doors = { bearer: [401, 403, 500, 503], slack: [401, 500, 503], open: [] }[kind];
  const refusals = [...(operation.refusals ?? []), ...doors].map((status) => [status, refusal(status)] as const);
  const answers = Object.entries(operation.answers).map(([status, answer]) => [status, responseOf(answer)] as const);
  return Object.fromEntries([...answers, ...refusals]);
}

function responseOf({ description, list, one = [], text, location }: Answer): object {
  const listed = list === undefined ? [] : [listOf(list.key, list.of)];
  const headers = location === true ? { headers: { location: { schema: { type: 'string' } } } } : {};
  if (text !== undefined) return { description, content: { [text]: {} } };
  return {
    description,
    ...headers,
    content: { 'application/json': { schema: anyOf([...listed, ...one.map(refTo)]) } },
  };
}

const listOf = (key: string, of: SchemaName[]): object => ({
  type: 'object',
  required: [key],
  properties: { [key]: { type: 'array', items: anyOf(of.map(refTo)) } },
});

const anyOf = (all: object[]): object => (all.length === 1 && all[0] !== undefined ? all[0] : { anyOf: all });

const refTo = (name: SchemaName): object => ({ $ref: `#/components/schemas/${name}` });

const REFUSED: Record<number, string> = {
  400: 'What was sent cannot be read.',
  401: 'The caller is not known.',
  403: 'The caller may not.',
  404: 'There is nothing here.',
  408: 'The body did not arrive whole within ten seconds.',
  409: 'It is no longer as it was.',
  413: 'The body is too large.',
  415: 'The body is of another kind.',
  422: 'What was sent names nothing that is.',
  500: 'A fault of the service; its log says which.',
  503: 'Something this needs does not answer now.',
};

const refusal = (status: number): object => ({
  description: REFUSED[status],
  content: { 'application/problem+json': { schema: refTo('Problem') } },
});

const LANE = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,59}@[a-z0-9][a-z0-9-]{0,59}$' };

function pathParameter(name: string): object {
  return { name, in: 'path', required: true, schema: name === 'lane' ? LANE : { type: 'string', minLength: 1 } };
}

const QUERY: Record<QueryName, object> = {
  lane: LANE,
  most: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  at: { type: 'string', format: 'date-time' },
  source: { type: 'string' },
  app: { type: 'string' },
};

function queryParameter(name: QueryName): object {
  return { name, in: 'query', required: name === 'lane', schema: QUERY[name] };
}
