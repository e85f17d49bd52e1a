import type { Row } from '../../shared/adapters/tables/row.ts';
import type { Write } from '../../shared/adapters/tables/table.ts';
import { isAnswered } from '../../shared/lane/input.ts';
import type { Ports } from '../../shared/ports.ts';
import type { Planted } from '../simulation/life.ts';
import type { World } from '../simulation/world.ts';
import { type Happening, type History, type Message, type SaveKind, writeId } from './history.ts';
import { type Decided, hearDecisions } from './recording-decide.ts';

type Recorded = Pick<History, 'policy' | 'timing' | 'happenings' | 'messages'>;

/** What is to be planted into a life, so that it is recorded, and what was recorded once it is over. */
export function recorder(): { planted: Planted; recorded(): Recorded } {
  const happenings: Happening[] = [];
  const messages = new Map<string, Message>();
  let from: World | null = null;
  /** A decision whose save is to come. Until it has, the clock stands still: what was decided then is saved then. */
  let open: { decided: NonNullable<Happening['decided']>; kind: SaveKind; now: Date } | null = null;

  hearDecisions(({ facts, event, decision }: Decided) => {
    const { policy: _, timing: __, pending: ___, ...rest } = facts;
    const because = decision.kind === 'ignore' ? decision.because : null;
    const decided = { event, facts: rest, because };
    const kind = savedAs(event, because);
    if (kind === null) happenings.push({ decided, saved: null });
    else open = { decided, kind, now: facts.now };
  });
  const observed = (world: World): void => {
    from = world;
    const { lanes } = world.rows;
    const told = lanes.written;
    lanes.written = (writes) => {
      told(writes);
      if (!writes.some((write) => write.write !== 'delete' && write.row.rowKey === 'lane')) return;
      happenings.push({ decided: open?.decided ?? null, saved: { kind: open?.kind ?? 'shell', ...asRows(writes) } });
      open = null;
    };
    for (const queue of Object.values(world.queues)) {
      const send = queue.send.bind(queue);
      queue.send = (message) => {
        const kind = `${queue.name} ${kindOf(message.body)}`;
        if (queue.name !== 'builds' && !messages.has(kind))
          messages.set(kind, { queue: queue.name, body: JSON.parse(JSON.stringify(message.body)) });
        return send(message);
      };
    }
  };
  return {
    planted: { observed, ports: (ports: Ports) => ({ ...ports, now: () => open?.now ?? ports.now() }) },
    recorded() {
      if (from === null) throw new Error('nothing was recorded');
      return { policy: from.policy, timing: from.timing, happenings, messages: [...messages.values()] };
    },
  };
}

/** Null: nothing is saved of it. */
function savedAs(event: Decided['event'], because: string | null): SaveKind | null {
  if (because === null) return 'move';
  if (event.type === 'settled') return 'settled';
  return isAnswered(event) ? 'ignored' : null;
}

function asRows(writes: Write[]): Pick<NonNullable<Happening['saved']>, 'rows' | 'gone'> {
  return {
    rows: writes.flatMap((write) => (write.write === 'delete' ? [] : [named(write.row)])),
    gone: writes.flatMap((write) => (write.write === 'delete' ? [write.rowKey] : [])),
  };
}

function kindOf(body: unknown): string {
  const { type, data } = body as { type?: string; data?: { input?: { type: string; command?: { type: string } } } };
  return type ?? `${data?.input?.type ?? 'order'} ${data?.input?.command?.type ?? ''}`;
}

const named = (row: Row): Row => ('writeId' in row ? { ...row, writeId } : row);
