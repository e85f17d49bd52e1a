import { createHmac } from 'node:crypto';
import type { InstalledApp } from './installed-app.ts';

/** What Slack calls the ways in which an app does not answer. */
export type DeliveryFailure = 'operation_timeout' | 'dispatch_failed' | 'http_client_error' | 'http_service_error';

export interface Delivery {
  /** Null: there was no answer. */
  status: number | null;
  body: string;
  /** From the request to the whole answer. */
  ms: number;
  failure: DeliveryFailure | null;
  /** As it was sent, so that it can be sent again byte for byte. */
  request: { url: string; headers: Record<string, string>; body: string };
}

/** Slack waits three seconds for 200 ("Handling user interaction": acknowledgment response). */
const WITHIN_MS = 3_000;

/**
 * Sends a form to the app as Slack does: signed over the exact bytes of the body ("Verifying requests from Slack"), once, following
 * nothing. Never throws: what went wrong is in `failure`.
 */
export async function deliver(
  signingSecret: string,
  url: string,
  fields: Record<string, string>,
  now = Date.now(),
): Promise<Delivery> {
  const body = formOf(fields);
  const timestamp = String(Math.floor(now / 1_000));
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json,*/*',
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`,
  };
  const request = { url, headers, body };
  const began = performance.now();
  const took = (): number => Math.round(performance.now() - began);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, connection: 'close' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    const text = await answer.text();
    return { status: answer.status, body: text, ms: took(), failure: failureOf(answer.status), request };
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    return { status: null, body: '', ms: took(), failure: late ? 'operation_timeout' : 'dispatch_failed', request };
  }
}

function failureOf(status: number): DeliveryFailure | null {
  if (status === 200) return null;
  return status >= 500 ? 'http_service_error' : 'http_client_error';
}

/** JSON as Slack writes it: slashes escaped, nothing but ASCII. A receiver that signs what it writes anew gets other bytes. */
export function slackJson(value: object): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A form with one character more escaped than a browser escapes. */
function formOf(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString().replaceAll('*', '%2A');
}

/** What a person reads beside what they pressed. */
export function warningOf({ failure, status }: Pick<Delivery, 'failure' | 'status'>): string | null {
  switch (failure) {
    case null:
      return null;
    case 'operation_timeout':
      return 'This app did not answer within 3 seconds (operation_timeout).';
    case 'dispatch_failed':
      return 'This app could not be reached (dispatch_failed).';
    case 'http_client_error':
    case 'http_service_error':
      return `This app answered with status ${status} (${failure}).`;
    default:
      return failure satisfies never;
  }
}

/** Whether anything can be sent to the app, and where. */
export function destination(app: InstalledApp, url: string | null): { url: string; secret: string } | null {
  return url === null || app.signingSecret === null ? null : { url, secret: app.signingSecret };
}
