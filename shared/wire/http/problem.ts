import type { ProblemAnswer } from './answers.ts';

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export const PROBLEM_TYPE = 'application/problem+json';

/** A refusal as RFC 9457 has it. `about:blank` says that the status is all there is to the type; the title is then the status's own (RFC 9457 §4.2.1). */
export const problem = (status: number, detail: string): ProblemAnswer => ({
  type: 'about:blank',
  status,
  title: TITLES[status] ?? 'Error',
  detail,
});
