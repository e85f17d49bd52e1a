import { inbox } from '../../shared/adapters/service-bus/outboxes.ts';
import type { Command, Input } from '../../shared/lane/input.ts';
import type { Lane } from '../../shared/lane/lane.ts';
import type { BuildId, DeploymentId, InputId } from '../../shared/lane/words.ts';
import type { CommandPlan } from './scenario.ts';
import { lane, type World } from './world.ts';

/** People send commands about what they see then. Gives the inputs that were sent. */
export function commandsOf(world: World, plans: CommandPlan[]): { sent: InputId[]; left(): number } {
  const { core, laws, queues } = world;
  const sent: InputId[] = [];
  // Nobody holds for ever: a swap that a hold keeps back would wait as long.
  const releases = plans
    .filter(({ type }) => type === 'hold')
    .map(({ afterMs }): CommandPlan => ({ type: 'release', afterMs: afterMs + 3_600_000 }));
  const all = [...plans, ...releases];
  let left = all.length;
  const bus = {
    send: async (_entity: string, message: Parameters<typeof queues.lanes.send>[0]) => void queues.lanes.send(message),
    close: async () => {},
  };
  for (const [index, { type, afterMs }] of all.entries()) {
    core.time.at(core.time.now() + afterMs, () => {
      left -= 1;
      const command = commandFor(laws.lane, type, [...laws.records.keys()].at(-1) ?? null);
      if (command === null) return;
      const id = `${lane}~command${index}` as InputId;
      const input: Input = { id, lane, type: 'command', by: { name: 'Ada' }, command };
      if (command.type === 'retry') {
        const named = laws.records.get(command.deployment)?.build.number;
        if (named !== undefined) laws.swaps.commanded.add(named);
      }
      if (command.type === 'deploy') laws.swaps.commanded.add(0);
      core.say('Ada', `commands ${type}`);
      sent.push(id);
      void inbox(bus).send(input, { purpose: '' });
    });
  }
  return { sent, left: () => left };
}

/** Null: there is nothing to say it about. */
function commandFor(seen: Lane | null, type: Command['type'], newest: string | null): Command | null {
  const deployment = (seen?.active?.record.id ?? newest ?? null) as DeploymentId | null;
  const build = seen?.active?.build.id ?? null;
  const sawLive: BuildId | null = seen?.live?.build?.id ?? null;
  switch (type) {
    case 'hold':
      return { type, reason: 'a freeze' };
    case 'release':
      return { type };
    case 'roll-back':
      return sawLive === null ? null : { type, sawLive, reason: 'people complain' };
    case 'retry':
      return deployment === null ? null : { type, deployment, sawLive };
    case 'deploy':
      return { type, build: 'build0' as BuildId, sawLive };
    case 'end-watch':
      return deployment === null || sawLive === null ? null : { type, deployment, sawLive };
    case 'approve':
      return deployment === null || build === null ? null : { type, deployment, build };
    case 'reject':
      return deployment === null || build === null ? null : { type, deployment, build, reason: 'not today' };
  }
}
