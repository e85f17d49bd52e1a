import { withoutSecrets } from '../../correlation/redact.ts';
import type { DeadLetterAnswer, WholeDeadLetterAnswer } from './answers.ts';
import { iso, isoOrNull } from './instant-text.ts';

/** What the views need of a dead letter as it is kept. */
export interface LetterToShow {
  source: string;
  id: string;
  at: Date;
  raw: string;
  truncated: boolean;
  reason: string;
  replays: number;
  replayedAt: Date | null;
}

/** A dead letter in a list: without what was received, which may be long and hold anything. */
export const deadLetterView = (letter: LetterToShow): DeadLetterAnswer => ({
  source: letter.source,
  id: letter.id,
  at: iso(letter.at),
  reason: letter.reason,
  characters: letter.raw.length,
  truncated: letter.truncated,
  replays: letter.replays,
  replayedAt: isoOrNull(letter.replayedAt),
});

/**
 * One dead letter, with what was received: without the secrets in it, which its sender told the service and not whoever may read here. A
 * replay sends what was kept, byte for byte.
 */
export const wholeDeadLetterView = (letter: LetterToShow): WholeDeadLetterAnswer => ({
  ...deadLetterView(letter),
  raw: withoutSecrets(letter.raw),
});
