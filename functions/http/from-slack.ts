import type { HttpResponseInit, InvocationContext } from '@azure/functions';
import type { Ports } from '../../shared/ports.ts';
import type { Decoded } from '../../shared/wire/decode.ts';
import { isOurs, type Sender } from '../../shared/wire/slack/asked.ts';
import { logOf } from '../log.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';
import { problem } from './problem.ts';
import { type SlackCaller, unknownToSlack } from './slack-door.ts';

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

/** Answers a request that Slack signed: the signature says which app of Slack's it comes through, the body for which workspace. */
export const fromSlack =
  <Asked>({ decode, answer }: SlackHandler<Asked>): Handler<SlackCaller> =>
  async ({ request, context, caller: { raw, ours, apiUrl } }) => {
    const type = request.headers.get('content-type') ?? '';
    if (!/^application\/x-www-form-urlencoded\b/i.test(type))
      return problem(415, 'content-type must be application/x-www-form-urlencoded');
    const house = { ports: await runtime.ports(), apiUrl, appId: ours.appId };
    const read = decode(raw, house);
    if (!read.ok) return problem(400, read.why);
    if (!isOurs(read.value.from, ours)) {
      logOf(context).info('http', { refused: 401, because: 'signed by Slack for another workspace or app' });
      return unknownToSlack();
    }
    return answer(read.value.asked, house, context);
  };
