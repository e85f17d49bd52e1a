import type { Command, Input } from '../../shared/lane/input.ts';
import type { Actor, InputId, LaneId } from '../../shared/lane/words.ts';
import type { Ports } from '../../shared/ports.ts';
import { inputIdOf } from '../../shared/wire/ids.ts';

/** Puts a person's word into the lane's queue. The same request again is the same input. Throws Unavailable: then it was not taken. */
export async function sendFromSlack(
  { inbox }: Pick<Ports, 'inbox'>,
  { lane, command, by, replyTo, key }: { lane: LaneId; command: Command; by: Actor; replyTo: string; key: string },
): Promise<InputId> {
  const id = inputIdOf(lane, 'slack', key);
  const input: Input = { id, lane, type: 'command', by, command, replyTo };
  await inbox.send(input, { purpose: '' });
  return id;
}
