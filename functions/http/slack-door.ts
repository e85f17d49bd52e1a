import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { LastingFailure, type Ports, Unavailable } from '../../shared/ports.ts';
import { BadSettings } from '../../shared/settings.ts';
import type { Decoded } from '../../shared/wire/decode.ts';
import { isOurs, type Sender } from '../../shared/wire/slack/asked.ts';
import { isFromSlack } from '../../shared/wire/slack/signature.ts';
import type { Interactivity } from '../../shared/wire/slack-interactivity.ts';
import { faultOf, logOf } from '../log.ts';
import { runtime } from '../runtime.ts';
import { problem } from './problem.ts';
import { BodyRefused } from './read-body.ts';
import { readSigned } from './slack-body.ts';

/** What the reader of a request and its handler are given; which app of Slack's we are, and where it takes our answers, is part of it. */
export interface SlackHouse {
  ports: Ports;
  apiUrl: string | undefined;
  appId: string;
}

/** Reads a body that is Slack's by its signature, and acts on what it asks for once its sender is known to be ours. */
export interface SlackHandler<Asked> {
  decode(raw: Uint8Array, house: SlackHouse): Decoded<{ from: Sender; asked: Asked }>;
  answer(asked: Asked, house: SlackHouse, context: InvocationContext): Promise<HttpResponseInit>;
}

/**
 * Answers one request of Slack's. Nothing is read out of a body before its signature holds; a bad, old or missing signature and a
 * foreign workspace or app are told the same. It never throws.
 */
export async function slackAnswer<Asked>(
  handler: SlackHandler<Asked>,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  try {
    const answered = await answerOf(handler, request, context);
    // Nothing of the request: whoever sent it is not known.
    if (answered.status !== 200) logOf(context).info('slack', { refused: answered.status });
    return answered;
  } catch (error) {
    return refusal(error, context);
  }
}

async function answerOf<Asked>(
  handler: SlackHandler<Asked>,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  const { slack } = await runtime.settings();
  if (slack === null || slack.interactivity === null) return problem(404, 'Slack is not set up to decide here');
  const raw = await readSigned(request);
  if (!isSigned(slack.interactivity, request, raw)) return unknown();
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type))
    return problem(415, 'content-type must be application/x-www-form-urlencoded');
  const house = { ports: await runtime.ports(), apiUrl: slack.apiUrl, appId: slack.interactivity.appId };
  const read = handler.decode(raw, house);
  if (!read.ok) return problem(400, read.why);
  if (!isOurs(read.value.from, slack.interactivity)) return unknown();
  return handler.answer(read.value.asked, house, context);
}

const isSigned = ({ signingSecrets }: Interactivity, { headers }: HttpRequest, raw: Uint8Array): boolean =>
  isFromSlack(
    signingSecrets,
    { timestamp: headers.get('x-slack-request-timestamp'), signature: headers.get('x-slack-signature'), raw },
    new Date(),
  );

const unknown = (): HttpResponseInit =>
  problem(401, 'this is not signed by the Slack app that may decide here', { 'www-authenticate': 'Slack-v0' });

function refusal(error: unknown, context: InvocationContext): HttpResponseInit {
  if (error instanceof BodyRefused) {
    logOf(context).info('slack', { refused: error.status });
    return problem(error.status, error.message);
  }
  logOf(context).error('slack', faultOf(error));
  if (error instanceof BadSettings || error instanceof LastingFailure)
    return problem(503, 'the service is not configured; its log names everything that is wrong');
  if (error instanceof Unavailable)
    return problem(503, 'something this needs does not answer now; try again', { 'retry-after': '5' });
  return problem(500, `see the log of invocation ${context.invocationId}`);
}
