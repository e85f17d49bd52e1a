import description from '../../docs/openapi.json' with { type: 'json' };
import type { Handler } from './answer.ts';
import { json } from './problem.ts';

/** What can be asked here, with every body and answer: OpenAPI 3.1, made of the routes and schemas by infra/describe/openapi.mjs. */
export const getOpenapi: Handler = async () => json(description);
