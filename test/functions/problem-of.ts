import { expect } from 'vitest';
import type { Answer } from './service.ts';

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  503: 'Service Unavailable',
};

/** The detail of an answer that must be a problem as RFC 9457 has it, and nothing more. */
export function problemOf(answer: Answer, status: number): string {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.body).toEqual({ type: 'about:blank', status, title: titles[status], detail: expect.any(String) });
  const detail = String(answer.body?.detail);
  expect(detail).not.toBe('');
  // Neither a stack, nor a file of ours, nor a key.
  expect(detail).not.toMatch(/\n\s*at |node_modules|\.[jt]s:\d|AccountKey|SharedAccessKey|canary-/);
  return detail;
}
