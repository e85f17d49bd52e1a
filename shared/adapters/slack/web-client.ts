import { LogLevel, WebClient } from '@slack/web-api';

export interface SlackConnection {
  token: string;
  /** Absent: Slack's own. */
  apiUrl?: string;
}

/** Slack's Web API. By default its client would try again for half an hour: waiting is done by messages scheduled for later. */
export function openSlack({ token, apiUrl }: SlackConnection): WebClient {
  return new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 10_000,
    logLevel: LogLevel.ERROR,
  });
}
