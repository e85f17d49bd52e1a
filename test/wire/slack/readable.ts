import type { Message } from '../../../shared/ports.ts';

interface Shown {
  type: string;
  text?: { text: string };
  elements?: ShownElement[];
}

type ShownElement = { type: 'mrkdwn'; text: string } | ShownButton;

export interface ShownButton {
  type: 'button';
  action_id: string;
  text: { text: string };
  value: string;
  style?: string;
  confirm?: { title: { text: string }; text: { text: string }; confirm: { text: string }; deny: { text: string } };
}

/** A message as a person reads it, block by block; buttons in brackets, with what is asked before they are pressed. */
export function readable({ text, blocks }: Message): string {
  const texts = (blocks as Shown[]).map(
    ({ text: own, elements }) => own?.text ?? (elements ?? []).map(elementText).join(' '),
  );
  return [text, ...texts].join('\n---\n');
}

function elementText(element: ShownElement): string {
  if (element.type !== 'button') return element.text;
  const { text, style, confirm } = element;
  const asked = confirm === undefined ? '' : ` (${confirm.title.text} ${confirm.text.text} [${confirm.confirm.text}])`;
  return `[${text.text}${style === undefined ? '' : ` ${style}`}]${asked}`;
}

/** The buttons of a message, in order. */
export const buttonsOf = ({ blocks }: Message): ShownButton[] =>
  (blocks as Shown[]).flatMap(({ elements }) => elements ?? []).filter((element) => element.type === 'button');
