import type { HttpResponseInit } from '@azure/functions';
import type { AcceptedAnswer } from '../../shared/wire/http/answers.ts';
import { PROBLEM_TYPE, problem as problemOf } from '../../shared/wire/http/problem.ts';

const always = { 'cache-control': 'no-store' };

/** A refusal: what was wrong, where, and what to do; never a stack trace. */
export function problem(status: number, detail: string, headers: Record<string, string> = {}): HttpResponseInit {
  return {
    status,
    headers: { 'content-type': PROBLEM_TYPE, ...always, ...headers },
    body: JSON.stringify(problemOf(status, detail)),
  };
}

/** The same for whatever is not there, so that nobody learns by it what else is. */
export const notFound = (): HttpResponseInit => problem(404, 'there is nothing here');

export function json(body: object, status = 200, headers: Record<string, string> = {}): HttpResponseInit {
  return { status, headers: { 'content-type': 'application/json', ...always, ...headers }, body: JSON.stringify(body) };
}

/** The input is in the lane's queue; what becomes of it can be read at its own address. */
export function accepted(input: string): HttpResponseInit {
  const location = `/api/v1/inputs/${encodeURIComponent(input)}`;
  return json({ input, location } satisfies AcceptedAnswer, 202, { location });
}
