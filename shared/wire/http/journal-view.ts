import type { JournalEntry } from '../../lane/effect.ts';
import type { JournalEntryAnswer } from './answers.ts';
import { iso } from './instant-text.ts';

/** One line of the journal as the API shows it. */
export const journalView = ({ seq, at, input, deployment, by, told }: JournalEntry): JournalEntryAnswer => ({
  seq,
  at: iso(at),
  input,
  deployment,
  by,
  told,
});
