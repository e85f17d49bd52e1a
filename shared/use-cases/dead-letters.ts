import { hash64 } from '../correlation/hash.ts';
import { metric } from '../metrics.ts';
import { type DeadLetter, LastingFailure, type Ports } from '../ports.ts';

/** What is kept of a message that could not be read: its text, and whether only the beginning of it. */
export interface Kept {
  text: string;
  truncated: boolean;
}

export type DeadLetterPorts = Pick<Ports, 'now' | 'deadLetters' | 'log'>;

/** Stores what could not be read, with its reason. The same text from the same source is one letter, however often it comes. */
export async function storeDeadLetter(
  ports: DeadLetterPorts,
  source: string,
  { text, truncated }: Kept,
  reason: string,
): Promise<DeadLetter> {
  const letter: DeadLetter = {
    source,
    id: hash64(source, text),
    at: ports.now(),
    raw: text,
    truncated,
    reason,
    replays: 0,
    replayedAt: null,
  };
  await ports.deadLetters.put(letter);
  metric(ports.log, 'dead-letter.kept', 1, { source });
  return letter;
}

/** People are told; a failure to tell loses nothing, because the letter is stored and listed. */
export async function announceDeadLetter(
  ports: Pick<Ports, 'now' | 'events' | 'log'>,
  letter: DeadLetter,
): Promise<void> {
  const { source, id, reason } = letter;
  try {
    await ports.events.publish({
      id: `dead-letter-${id}`,
      type: 'io.warmswap.dead-letter.stored',
      subject: `dead-letter!${id}`,
      time: ports.now(),
      data: { source, id, reason: reason.slice(0, 500) },
    });
  } catch (error) {
    ports.log.error('a dead letter could not be announced', {
      source,
      id,
      because: error instanceof Error ? error.message : 'unknown',
    });
  }
}

export type Replayed = { replayed: true; count: number } | { replayed: false; because: string };

/** Sends a letter again to the queue it came from. The count in the message id keeps it from being dropped as a duplicate. */
export async function replayDeadLetter(
  ports: Pick<Ports, 'now' | 'deadLetters' | 'replayer'>,
  source: string,
  id: string,
): Promise<Replayed> {
  const letter = await ports.deadLetters.get(source, id);
  if (letter === null) return { replayed: false, because: `there is no dead letter ${id} from ${source}` };
  if (letter.truncated) return { replayed: false, because: 'only its beginning was kept; send the original again' };
  const count = await ports.deadLetters.countReplay(source, id, ports.now());
  try {
    await ports.replayer.replay(source, letter.raw, `${id}~replay${count}`);
  } catch (error) {
    if (error instanceof LastingFailure) return { replayed: false, because: error.message };
    throw error;
  }
  return { replayed: true, count };
}
