import type { HttpRequest } from '@azure/functions';
import { isFromSlack, mayBeFromSlack, type SignedHead } from '../../shared/wire/slack/signature.ts';
import type { Interactivity } from '../../shared/wire/slack-interactivity.ts';
import { runtime } from '../runtime.ts';
import { problem } from './problem.ts';
import { bytesOf } from './read-body.ts';
import type { Admission, Door } from './scheme.ts';

/** A request that Slack signed, and the app of Slack's that we are. */
export interface SlackCaller {
  /** The body exactly as it came, which is what the signature covers. */
  raw: Uint8Array;
  ours: Interactivity;
  /** Where that app takes our answers; absent: Slack's own address. */
  apiUrl: string | undefined;
}

/** Slack's own limit for a message is far below. */
const MOST_BYTES = 64_000;

/**
 * Lets in what Slack signed. Nothing is read out of a body before its signature holds, and nothing of it comes in where there is none
 * that could hold; whatever is wrong, a stranger is told the same.
 */
export const slackDoor: Door<SlackCaller> = async (request) => {
  const { slack } = await runtime.settings();
  if (slack.interactivity === null) return stranger('Slack is not set up to decide here');
  if (slack.interactivity.signingSecrets.length === 0) return stranger('WARMSWAP_SLACK_SIGNING_SECRET is missing');
  const head = headOf(request);
  if (!mayBeFromSlack(head, new Date())) return stranger('no signature that could hold now');
  const raw = await bytesOf(request, MOST_BYTES);
  if (raw === null) return stranger('a body larger than Slack sends');
  if (!isFromSlack(slack.interactivity.signingSecrets, { ...head, raw }, new Date()))
    return stranger('no signature that holds');
  return { caller: { raw, ours: slack.interactivity, apiUrl: slack.apiUrl } };
};

const headOf = ({ headers }: HttpRequest): SignedHead => ({
  timestamp: headers.get('x-slack-request-timestamp'),
  signature: headers.get('x-slack-signature'),
});

const stranger = (because: string): Admission<SlackCaller> => ({ refused: unknownToSlack(), because });

/** Also what a foreign workspace or app is told, whose request is signed and no business of ours. */
export const unknownToSlack = () =>
  problem(401, 'this is not signed by the Slack app that may decide here', { 'www-authenticate': 'Slack-v0' });
