import { type ButtonValue, encodeButtonValue } from './button-value.ts';
import { plainText } from './escape.ts';

export type ButtonAction = 'approve' | 'reject' | 'hold' | 'release' | 'roll-back' | 'keep';

export interface Button {
  action: ButtonAction;
  label: string;
  style?: 'primary' | 'danger';
  /** Asked before the click is sent. Outside text may stand in it. */
  confirm?: { title: string; text: string; yes: string };
}

/** A row of buttons that carry the same value; null where there are none. Slack takes 25. */
export function buttonRow(value: ButtonValue, buttons: Button[]): object | null {
  if (buttons.length === 0) return null;
  const carried = encodeButtonValue(value);
  return { type: 'actions', elements: buttons.map((button) => element(button, carried)) };
}

/** Block Kit: a label of 75 characters at most; of a dialog the title 100, the text 300, its buttons 30. */
function element({ action, label, style, confirm }: Button, value: string): object {
  return {
    type: 'button',
    action_id: action,
    text: plain(label, 75),
    value,
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: plain(confirm.title, 100),
            text: plain(confirm.text, 300),
            confirm: plain(confirm.yes, 30),
            deny: plain('Not now', 30),
            ...(style === undefined ? {} : { style }),
          },
        }),
  };
}

/** Plain text has no mentions and no links; `emoji: false`, so that a name between colons stays what it is. */
const plain = (text: string, most: number): object => ({
  type: 'plain_text',
  text: plainText(text, most),
  emoji: false,
});
