import type { Input } from '../../shared/lane/input.ts';
import { decodeCommand } from '../../shared/wire/commands/warmswap.ts';
import { inputIdOf } from '../../shared/wire/ids.ts';
import { runtime } from '../runtime.ts';
import type { Handler } from './answer.ts';
import { knownLane } from './asked.ts';
import { accepted, problem } from './problem.ts';
import { readCapped } from './read-body.ts';

/** A person's word about a lane: approve, reject, roll back, end the watch, hold, release, retry. */
export const postCommand: Handler = async ({ request, caller }) => {
  const read = decodeCommand(await readCapped(request, 16_000));
  if (!read.ok) return problem(400, read.why);
  const ports = await runtime.ports();
  const lane = knownLane(ports.apps, read.value.lane);
  const id = inputIdOf(lane, `command by ${caller.name}`, read.value.id ?? ports.newId());
  const input: Input = { id, lane, type: 'command', by: caller, command: read.value.command };
  await ports.inbox.send(input, { purpose: '' });
  ports.log.info('commands', { lane, input: id, asked: input.command.type });
  return accepted(id);
};
