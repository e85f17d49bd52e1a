import { decide } from '../lane/decide.ts';
import { type Asker, type Decision, deploymentOfIntent, type Facts } from '../lane/decision.ts';
import type { Effect, Seen } from '../lane/effect.ts';
import { type Input, isAnswered } from '../lane/input.ts';
import { leftTheFile } from '../lane/left-the-file.ts';
import type { Actor } from '../lane/words.ts';
import { type Ports, type StoredLane, Unavailable } from '../ports.ts';
import { backOffMs } from './back-off.ts';
import { commit, commitIgnored, factsFor } from './commit.ts';
import { giveUpQueue, isGone, isReminder } from './gone.ts';
import { settle } from './settle.ts';

/** What became of an input; one log line per message is made of it. */
export interface Received {
  lane: string;
  /** The one that moves in the lane now, or that this ended; absent: none. */
  deployment?: string;
  input: string;
  decision: 'applied' | 'ignored' | 'repeated' | 'later';
  told: string;
}

/**
 * The one way a lane is moved: settle what is pending, decide this input, settle what follows, set the clock. What is down
 * is met by the same input, due later; a lost race is thrown, so that the message comes again.
 */
export function receive(ports: Ports, input: Input, attempt: number): Promise<Received> {
  return ports.scope.within({ lane: input.lane, input: input.id }, () => takeOrLater(ports, input, attempt));
}

async function takeOrLater(ports: Ports, input: Input, attempt: number): Promise<Received> {
  try {
    return await take(ports, input);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    const at = error.retryAt ?? new Date(ports.now().getTime() + backOffMs(attempt));
    await ports.inbox.send(input, { purpose: `~${attempt + 1}`, at, attempt: attempt + 1 });
    return { lane: input.lane, input: input.id, decision: 'later', told: error.message };
  }
}

async function take(ports: Ports, input: Input): Promise<Received> {
  const began = ports.monotonic();
  const loaded = await ports.lanes.load(input.lane);
  const before = await settle(ports, loaded, input.id, began);
  if (isReminder(input) && isGone(ports, before)) return gone(ports, before, input, began);
  const seen = isAnswered(input) ? await ports.lanes.seen(input.lane, input.id) : null;
  const [after, received] =
    seen === null ? await answer(ports, before, input, began) : ([before, repeated(input, seen)] as const);
  await sendWake(ports, after);
  const deployment = after.lane.active?.record.id ?? loaded.lane.active?.record.id;
  return deployment === undefined ? received : { deployment, ...received };
}

/** The clock is not set again: the sweep asks each minute whether the lane is back in the file. */
async function gone(ports: Ports, stored: StoredLane, { lane, id }: Input, began: number): Promise<Received> {
  if (stored.lane.queue.length > 0) await settle(ports, await giveUpQueue(ports, stored, id), id, began);
  return { lane, input: id, decision: 'ignored', told: leftTheFile(lane) };
}

async function answer(
  ports: Ports,
  stored: StoredLane,
  input: Input,
  began: number,
): Promise<readonly [StoredLane, Received]> {
  const decision = await decisionOn(ports, stored, input);
  const { lane, id } = input;
  if (decision.kind === 'ignore') {
    const told = decision.because;
    if (!isAnswered(input)) return [stored, { lane, input: id, decision: 'ignored', told }];
    const effects = [...replyTo(input), ...broughtUpToDate(input)];
    const saved = await commitIgnored(
      ports,
      stored,
      effects,
      seenAs(ports, input, 'ignored', told, null),
      decision.keep,
    );
    return [await settle(ports, saved, id, began), { lane, input: id, decision: 'ignored', told }];
  }
  const seen = isAnswered(input) ? [seenAs(ports, input, 'applied', decision.told, decision.deployment)] : [];
  const by = input.type === 'command' ? input.by.name : null;
  const told = { ...decision, effects: [...decision.effects, ...replyTo(input)] };
  const saved = await commit(ports, stored, told, { input: id, by, settled: [], seen });
  return [await settle(ports, saved, id, began), { lane, input: id, decision: 'applied', told: decision.told }];
}

/** A lane that is gone has no policy to decide by. One that never was is no lane: what comes for it is a fault of its sender. */
async function decisionOn(ports: Ports, stored: StoredLane, input: Input): Promise<Decision> {
  if (stored.etag !== null && isGone(ports, stored))
    return { kind: 'ignore', because: leftTheFile(stored.lane.id), keep: null };
  return decide(await factsAbout(ports, stored, input), stored.lane, input);
}

async function factsAbout(ports: Ports, stored: StoredLane, input: Input): Promise<Facts> {
  const facts = factsFor(ports, stored);
  if (input.type === 'build-arrived') return { ...facts, known: await ports.lanes.build(input.lane, input.build.id) };
  if (input.type === 'site-changed') return { ...facts, named: await senderOf(ports, input) };
  if (input.type !== 'command') return facts;
  const asker = await askerOf(ports, stored, input.by);
  const { command } = input;
  if (command.type === 'deploy') return { ...facts, asker, known: await ports.lanes.build(input.lane, command.build) };
  if (!('deployment' in command) || command.deployment === stored.lane.active?.record.id) return { ...facts, asker };
  return { ...facts, asker, named: await ports.lanes.deployment(input.lane, command.deployment) };
}

/** The deployment of ours whose request changed the site, if it was one. */
async function senderOf(
  ports: Ports,
  { lane, request }: Extract<Input, { type: 'site-changed' }>,
): Promise<Facts['named']> {
  const deployment = request === null ? null : deploymentOfIntent(request);
  return deployment === null ? null : ports.lanes.deployment(lane, deployment);
}

/** Whoever clicked in Slack is asked about when the click is used: who may do what can have changed since. */
async function askerOf(ports: Ports, { lane }: StoredLane, by: Actor): Promise<Asker | null> {
  if (by.slackId === undefined || ports.people === null) return null;
  const policy = lane.active?.policy ?? ports.apps.policy(lane.id);
  const { approval, operators } = policy;
  const named = approval.required ? [...approval.approvers, ...approval.breakGlass, ...operators] : operators;
  const build = lane.active?.build.id ?? lane.live?.build?.id;
  const row = build === undefined ? null : await ports.lanes.build(lane.id, build);
  const authors = row === null ? [] : [...row.build.commits.map(({ author }) => author), row.build.requestedBy];
  return ports.people.about(by.slackId, {
    groups: named.filter((name) => name.startsWith('@')),
    authorEmails: [...new Set(authors.flatMap((author) => (author?.email === undefined ? [] : [author.email])))],
  });
}

function replyTo(input: Input): Effect[] {
  return input.type === 'command' && input.replyTo !== undefined
    ? [{ type: 'reply', input: input.id, to: input.replyTo }]
    : [];
}

/** A refused click came from a message that shows what is no longer so: it is shown as it stands now. */
function broughtUpToDate(input: Input): Effect[] {
  if (input.type !== 'command' || input.by.slackId === undefined) return [];
  const { command } = input;
  return 'deployment' in command ? [{ type: 'announce', deployment: command.deployment }] : [];
}

function seenAs(
  ports: Ports,
  input: Input,
  outcome: Seen['outcome'],
  told: string,
  deployment: Seen['deployment'],
): Seen {
  return { input: input.id, at: ports.now(), outcome, told, deployment };
}

function repeated(input: Input, seen: Seen): Received {
  return { lane: input.lane, input: input.id, decision: 'repeated', told: `${seen.outcome}: ${seen.told}` };
}

/**
 * Sent at the end of every invocation, whatever it did: a crash before this line is made good by the redelivery. The step in
 * the id makes it one message, and the sweep finds a lane whose wake was lost all the same. It continues the trace
 * of the deployment that moves, whatever this invocation was about; the clock of an idle lane begins a trace each time.
 */
export async function sendWake(ports: Ports, { lane, traces }: StoredLane): Promise<void> {
  const { wakeAt, active } = lane;
  if (wakeAt === null) return;
  const wake = wakeInput(lane.id, lane.step);
  const trace = active === null ? null : (traces[active.record.id] ?? null);
  await ports.scope.within({ trace }, () => ports.inbox.send(wake, { purpose: '', at: wakeAt }));
}

export function wakeInput(lane: Input['lane'], step: number): Extract<Input, { type: 'wake' }> {
  return { id: `${lane}~wake${step}` as Input['id'], lane, type: 'wake', step };
}
