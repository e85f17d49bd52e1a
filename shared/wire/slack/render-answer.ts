import type { Seen } from '../../lane/effect.ts';
import { laneOfInputId } from '../ids.ts';
import { type Message, message, section } from './blocks.ts';
import { escapeText } from './escape.ts';

/** What became of a command, for the eyes of who gave it. */
export function renderAnswer({ input, outcome, told }: Seen): Message {
  const lane = laneOfInputId(input);
  const where = lane === null ? '' : ` in ${lane}`;
  const why = escapeText(told, 1_500);
  const says = outcome === 'applied' ? `👍 Done${where}: ${why}` : `🚫 Nothing was done${where}: ${why}`;
  return message(says, [section(says)]);
}

/** A few lines for the asker alone. */
export function renderTold(text: string): Message {
  const lines = text
    .split('\n')
    .map((line) => escapeText(line, 1_000))
    .join('\n');
  return message(lines, [section(lines)]);
}
