/** The few blocks we use, within Slack's limits: 50 a message, 3,000 characters a section, 4,000 in the text of a changed message. */

export interface Message {
  text: string;
  blocks: object[];
}

const MOST_BLOCKS = 50;
const MOST_SECTION = 3_000;
const MOST_TEXT = 3_000;

/** `verbatim`: Slack must not make links, mentions or channels of its own out of outside text. */
const verbatim = (mrkdwn: string): object => ({ type: 'mrkdwn', text: cut(mrkdwn, MOST_SECTION), verbatim: true });

/** Null where there is nothing to say: Slack refuses a block without text. `blockId`: at most 255 characters. */
export const section = (mrkdwn: string, blockId?: string): object | null =>
  mrkdwn.trim() === ''
    ? null
    : { type: 'section', ...(blockId === undefined ? {} : { block_id: blockId }), text: verbatim(mrkdwn) };

/** Smaller and greyer; null where there is nothing to say. */
export const context = (mrkdwn: string): object | null =>
  mrkdwn.trim() === '' ? null : { type: 'context', elements: [verbatim(mrkdwn)] };

/** A message of the parts that have something to say. `text` is what a notification shows; Slack reads mentions in it too, so it is escaped like the rest. */
export const message = (text: string, blocks: (object | null)[]): Message => ({
  text: cut(text, MOST_TEXT),
  blocks: blocks.filter((block) => block !== null).slice(0, MOST_BLOCKS),
});

/** Up to `most` lines, and how many more there are. */
export function linesUpTo(lines: readonly string[], most: number): string {
  const shown = lines.slice(0, most);
  if (lines.length > most) shown.push(`… and ${lines.length - most} more`);
  return shown.join('\n');
}

/** An instant in the reader's own time zone; in UTC where that is not to be had. */
export function time(at: Date): string {
  return `<!date^${Math.floor(at.getTime() / 1_000)}^{time_secs}|${at.toISOString().slice(11, 19)} UTC>`;
}

/** An instant that may be days away, in the reader's own time zone. */
export function until(at: Date): string {
  const utc = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(at.getTime() / 1_000)}^{date_short_pretty} {time}|${utc}>`;
}

/** Whole lines are left out rather than cut, since half a line may be half a link; a single long line is cut before an entity. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const whole = text.slice(0, most - 2).lastIndexOf('\n');
  if (whole > 0) return `${text.slice(0, whole)}\n…`;
  return `${text.slice(0, most - 1).replace(/[<&][^>;]*$|[\ud800-\udbff]$/, '')}…`;
}
