import type { SlackClick } from '../../shared/wire/slack/asked.ts';
import { decodeInteraction } from '../../shared/wire/slack/interaction.ts';
import { renderTold } from '../../shared/wire/slack/render-answer.ts';
import { faultOf, logOf } from '../log.ts';
import { fromSlack } from './from-slack.ts';
import { sendFromSlack } from './slack-input.ts';

/**
 * A button, or a shortcut used on a message. It is answered once the word is in the lane's queue, with nothing: Slack shows no answer
 * to a click. What became of it is told to the person alone when the lane has decided.
 */
export const slackInteraction = fromSlack<SlackClick>({
  decode: (raw, { ports, apiUrl, appId }) => decodeInteraction(raw, { lanes: ports.apps.lanes(), apiUrl, appId }),

  async answer(asked, { ports }, context) {
    const log = logOf(context);
    if (asked.kind === 'command') {
      const input = await sendFromSlack(ports, asked);
      log.info('slack', { lane: asked.lane, input, asked: asked.command.type });
      return { status: 200 };
    }
    log.info('slack', { refused: asked.text });
    try {
      await ports.responder.respond(asked.replyTo, renderTold(asked.text));
    } catch (error) {
      // Nothing was done, so nothing is lost but the explanation.
      log.error('slack', faultOf(error));
    }
    return { status: 200 };
  },
});
