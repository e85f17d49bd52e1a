import type { Build } from '../../shared/lane/words.ts';
import { LostRace, Unavailable } from '../../shared/ports.ts';
import { acceptBuild } from '../../shared/use-cases/accept-build.ts';
import { appendErrors } from '../../shared/use-cases/append-errors.ts';
import { copyPackage } from '../../shared/use-cases/copy-package.ts';
import { receive } from '../../shared/use-cases/receive.ts';
import { sweep } from '../../shared/use-cases/sweep.ts';
import type { Decoded } from '../../shared/wire/decode.ts';
import { decodeErrorMessage } from '../../shared/wire/errors/warmswap.ts';
import { decodeInput } from '../../shared/wire/inputs.ts';
import { decodeOrder } from '../../shared/wire/orders.ts';
import type { Delivery, MemoryQueue } from '../ports/memory-bus.ts';
import type { Worker } from './core.ts';
import { type BuildEvent, inputOf } from './life.ts';
import { lane, portsOf, type World } from './world.ts';

type Handler = (worker: Worker, body: unknown) => Promise<string>;

/** The platform's own limit of renewing a lock. */
const renewalMs = 5 * 60_000;
/** An input that met something that was down comes again this much later at most, and takes the wake's place. */
const backOffMs = 60_000;

/** The triggers: each queue has its use case; a message is completed when it returns and comes again when it throws. */
export function consume(world: World, buildOf: (index: number) => Omit<Build, 'arrivedAt'>): void {
  const handlers: Record<string, Handler> = {
    builds: async (worker, body) => {
      const announced = body as BuildEvent;
      const event = { app: 'shop', status: 'succeeded', build: buildOf(announced.build) } as const;
      const accepted = await acceptBuild(portsOf(world, worker), event, () => inputOf(announced));
      return accepted.accepted ? `accepted ${accepted.input}` : accepted.because;
    },
    lanes: async (worker, body) => {
      const { input, attempt } = read(decodeInput(body));
      const received = await receive(portsOf(world, worker), input, attempt);
      if (input.type === 'site-changed') world.laws.met.add(`hint ${received.decision}`);
      return `${input.type} ${received.decision}: ${received.told}`;
    },
    packages: async (worker, body) => {
      const { order, attempt } = read(decodeOrder(body));
      return (await copyPackage(portsOf(world, worker), order, attempt)).outcome;
    },
    'error-reports': async (worker, body) => {
      const decoded = decodeErrorMessage(body).map(read);
      return `${(await appendErrors(portsOf(world, worker), decoded)).deltas} deltas`;
    },
    // Whoever is told reads the deployment as it stands then: it has to be there.
    'deployment-events': async (_worker, body) => {
      const { subject } = body as { subject: string };
      if (subject !== lane && !world.laws.records.has(subject)) world.core.broken('what is told is saved', subject);
      return `told of ${subject}`;
    },
  };
  for (const queue of Object.values(world.queues)) {
    const handler = handlers[queue.name];
    if (handler === undefined) throw new Error(`nobody reads ${queue.name}`);
    queue.ready = () => world.core.time.at(world.core.time.now() + 5, () => deliver(world, queue, handler));
  }
}

function read<Value>(decoded: Decoded<Value>): Value {
  if (!decoded.ok) throw new Error(`what we sent cannot be read: ${decoded.why}`);
  return decoded.value;
}

function deliver(world: World, queue: MemoryQueue, handler: Handler): void {
  for (let delivery = queue.receive(); delivery !== null; delivery = queue.receive()) {
    void invoke(world, queue, delivery, handler);
  }
}

async function invoke(world: World, queue: MemoryQueue, delivery: Delivery, handler: Handler): Promise<void> {
  const { core } = world;
  const { message } = delivery;
  const worker = core.worker(queue.name, delivery);
  core.say(
    worker.name,
    `receives ${message.id}${message.deliveries > 0 ? `, delivery ${message.deliveries + 1}` : ''}`,
  );
  core.time.at(core.time.now() + renewalMs, () => delivery.lose());
  if (queue.name === 'lanes' && core.faults.strikes('lock-lost', 0.03))
    core.time.at(core.time.now() + core.dice.between(0, core.dice.pick([100, 400, 3_000])), () => {
      if (delivery.held()) core.say(worker.name, 'loses its lock');
      delivery.lose();
    });
  try {
    const told = await handler(worker, message.body);
    await core.reach(worker, 'completes');
    core.say(worker.name, `${told}${delivery.held() ? '' : ' (its lock was lost)'}`);
    delivery.complete();
    if (queue.name === 'lanes') isNotForgotten(world, worker);
  } catch (error) {
    core.say(
      worker.name,
      `throws ${error instanceof Error ? error.stack?.split('\n').slice(0, 2).join(' ') : String(error)}`,
    );
    if (!(error instanceof LostRace || error instanceof Unavailable)) core.failure ??= error;
    delivery.abandon();
  }
  worker.alive = false;
  if (queue.dead.length > 0) core.failure ??= new Error(`${queue.dead[0]?.id} became a dead letter of ${queue.name}`);
}

/** While nobody works in the lane, the message that will wake it lies in the queue; the sweep is for what a crash took away. */
function isNotForgotten({ core, laws, queues }: World, worker: Worker): void {
  const wakeAt = laws.lane?.wakeAt ?? null;
  if (wakeAt === null || laws.writer !== worker) return;
  const due = Math.max(core.time.now(), wakeAt.getTime()) + backOffMs;
  const lying = queues.lanes.lying(lane);
  if (!lying.some((message) => message.due <= due))
    core.broken(
      'a wait is a message',
      `step ${laws.lane?.step} waits until ${wakeAt.toISOString()}, and nothing will wake it`,
    );
}

/** Each minute; one that would find nothing to do is left out, for it changes nothing. */
export function sweepEachMinute(world: World): void {
  const { core, rows } = world;
  let count = 0;
  const next = (): void => core.time.at(core.time.now() + 60_000, run);
  const run = (): void => {
    count += 1;
    const row = rows.lanes.get(lane, 'lane');
    const attentionAt = row?.attentionAt;
    const overdue = row === null || (attentionAt instanceof Date && attentionAt.getTime() < core.time.now() - 58_000);
    if (overdue || core.dice.chance(0.05)) void sweepOnce(world, count);
    next();
  };
  next();
}

async function sweepOnce(world: World, count: number): Promise<void> {
  const worker = world.core.worker('sweep', null);
  try {
    const { woken } = await sweep(portsOf(world, worker), 60_000, count);
    world.core.say(worker.name, `woke ${woken}`);
  } catch (error) {
    if (!(error instanceof Unavailable)) world.core.failure ??= error;
  }
  worker.alive = false;
}
