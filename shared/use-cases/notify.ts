import { hash64 } from '../correlation/hash.ts';
import type { Seen } from '../lane/effect.ts';
import type { DeploymentRecord, Lane } from '../lane/lane.ts';
import type { OutgoingEvent } from '../lane/outgoing.ts';
import {
  assertNever,
  type Build,
  type DeploymentId,
  type Fingerprint,
  type InputId,
  type LaneId,
  type Version,
} from '../lane/words.ts';
import {
  type ErrorGroup,
  LastingFailure,
  type Message,
  type Messenger,
  type Notice,
  type Ports,
  Unavailable,
} from '../ports.ts';
import { backOffMs } from './back-off.ts';

/** How a subject is shown to people: pure, from what is stored now. */
export interface Renderer {
  deployment(facts: DeploymentFacts): Rendered;
  error(facts: ErrorFacts): Message;
  lane(lane: Lane): Message;
  deadLetter(letter: { source: string; id: string; reason: string }): Message;
  /** What became of a command, for the eyes of who gave it. */
  answer(seen: Seen): Message;
}

export interface DeploymentFacts {
  record: DeploymentRecord;
  build: Build | null;
  lane: Lane;
  now: Date;
  /** Where the staged build can be tried; null where it is not known or not there. */
  stagingUrl: string | null;
}

export interface ErrorFacts {
  group: ErrorGroup;
  kind: 'new' | 'regressed';
  version: Version;
  record: DeploymentRecord | null;
  build: Build | null;
}

/** A message that grows, and details that are added to its thread once each. */
export interface Rendered {
  message: Message;
  details: { key: string; message: Message }[];
}

export interface Notified {
  subject: string;
  lane?: string;
  deployment?: string;
  outcome: 'posted' | 'updated' | 'unchanged' | 'nobody-to-tell' | 'refused' | 'later';
  because: string;
}

interface Showing {
  lane: LaneId;
  channel: string;
  rendered: Rendered;
  /** A message of its own each time, instead of one that grows. */
  anew: boolean;
}

/**
 * Shows a subject as it stands now: repeats, order and gaps between events do not matter. While Slack is down or asks for
 * patience the event is scheduled again; nothing else waits for it.
 */
export async function notify(ports: Ports, event: OutgoingEvent, renderer: Renderer): Promise<Notified> {
  const told = { subject: event.subject, ...idsIn(event) };
  if (ports.messenger === null) return { ...told, outcome: 'nobody-to-tell', because: 'no messenger is configured' };
  const { messenger } = ports;
  const outcome = await orLater(ports, event, async () => {
    if (event.type === 'io.warmswap.input.answered') return answerAsker(ports, event, renderer);
    const showing = await showingOf(ports, event, renderer);
    if (showing === null) return { outcome: 'nobody-to-tell', because: 'no channel, or nothing to show' };
    return show(ports, messenger, noticeOf(event), showing);
  });
  return { ...told, ...outcome };
}

type Outcome = Pick<Notified, 'outcome' | 'because'>;

/** What the event is about, where it is about a lane. */
function idsIn({ data }: OutgoingEvent): Pick<Notified, 'lane' | 'deployment'> {
  const { lane, deployment } = data;
  return {
    ...(typeof lane === 'string' ? { lane } : {}),
    ...(typeof deployment === 'string' ? { deployment } : {}),
  };
}

/** What is down is met by the same event, due later. */
async function orLater(ports: Ports, event: OutgoingEvent, telling: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await telling();
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    const tries = Number(event.data.tries ?? 0) + 1;
    const at = error.retryAt ?? new Date(ports.now().getTime() + backOffMs(tries));
    await ports.events.publish({ ...event, data: { ...event.data, tries } }, { purpose: `~${tries}`, at });
    return { outcome: 'later', because: error.message };
  }
}

/** What is kept as one message: an error that comes back is told anew, because nobody hears of an old message that was edited. */
function noticeOf(event: OutgoingEvent): string {
  if (event.type !== 'io.warmswap.error-group.announced') return event.subject;
  return `${event.subject}!${textIn(event, 'kind')}!${textIn(event, 'version')}`;
}

/** The asker alone is told; an address that has gone stale is no fault, the channel's message says it as well. */
async function answerAsker(ports: Ports, event: OutgoingEvent, renderer: Renderer): Promise<Outcome> {
  const lane = textIn(event, 'lane') as LaneId;
  const seen = await ports.lanes.seen(lane, textIn(event, 'input') as InputId);
  if (seen === null) return { outcome: 'nobody-to-tell', because: 'nothing is known of this input' };
  const told = await ports.responder.respond(textIn(event, 'to'), renderer.answer(seen));
  return told.posted ? { outcome: 'posted', because: '' } : { outcome: 'refused', because: told.because };
}

async function show(ports: Ports, messenger: Messenger, subject: string, showing: Showing): Promise<Outcome> {
  const { lane, channel, rendered, anew } = showing;
  const stored = await ports.notices.get(lane, subject);
  const shown = hash64(JSON.stringify(rendered.message));
  const known = stored?.notice ?? null;
  let notice: Notice | null = known;
  let outcome: Notified['outcome'] = 'unchanged';
  if (known === null || (anew && known.shown !== shown)) {
    const posted = await messenger.post(channel, rendered.message);
    if (!posted.posted) return { outcome: 'refused', because: posted.because };
    notice = { subject, channel: posted.channel, ts: posted.ts, shown, threadShown: [] };
    outcome = 'posted';
  } else if (known.shown !== shown) {
    const updated = await messenger.update(known.channel, known.ts, rendered.message);
    if (!updated.posted) return { outcome: 'refused', because: updated.because };
    notice = { ...known, shown };
    outcome = 'updated';
  }
  if (notice === null) return { outcome, because: '' };
  const etag = notice === known ? (stored?.etag ?? null) : await ports.notices.save(lane, notice, stored?.etag ?? null);
  await addDetails(ports, messenger, lane, notice, etag, rendered.details);
  return { outcome, because: '' };
}

async function addDetails(
  ports: Ports,
  messenger: Messenger,
  lane: LaneId,
  from: Notice,
  etag: string | null,
  details: Rendered['details'],
): Promise<void> {
  let notice = from;
  let tag = etag;
  for (const { key, message } of details) {
    if (notice.threadShown.includes(key)) continue;
    await messenger.post(notice.channel, message, notice.ts);
    notice = { ...notice, threadShown: [...notice.threadShown, key] };
    tag = await ports.notices.save(lane, notice, tag);
  }
}

async function showingOf(ports: Ports, event: OutgoingEvent, renderer: Renderer): Promise<Showing | null> {
  switch (event.type) {
    case 'io.warmswap.deployment.changed':
      return showDeployment(ports, event, renderer);
    case 'io.warmswap.error-group.announced':
      return showError(ports, event, renderer);
    case 'io.warmswap.lane.changed': {
      const lane = textIn(event, 'lane') as LaneId;
      const channel = ports.apps.policy(lane).slack?.channel;
      if (channel === undefined) return null;
      const { lane: state } = await ports.lanes.load(lane);
      return { lane, channel, rendered: { message: renderer.lane(state), details: [] }, anew: true };
    }
    case 'io.warmswap.dead-letter.stored': {
      const house = ports.apps.lanes().map((lane) => ({ lane, channel: ports.apps.policy(lane).slack?.channel }));
      const first = house.find(({ channel }) => channel !== undefined);
      if (first?.channel === undefined) return null;
      const letter = { source: textIn(event, 'source'), id: textIn(event, 'id'), reason: textIn(event, 'reason') };
      return {
        lane: first.lane,
        channel: first.channel,
        rendered: { message: renderer.deadLetter(letter), details: [] },
        anew: false,
      };
    }
    case 'io.warmswap.input.answered':
      return null;
    default:
      return assertNever(event.type);
  }
}

async function showDeployment(ports: Ports, event: OutgoingEvent, renderer: Renderer): Promise<Showing | null> {
  const lane = textIn(event, 'lane') as LaneId;
  const record = await ports.lanes.deployment(lane, textIn(event, 'deployment') as DeploymentId);
  if (record === null || record.slackChannel === null) return null;
  const row = await ports.lanes.build(lane, record.build.id);
  const { lane: state } = await ports.lanes.load(lane);
  const stagingUrl = await stagingUrlOf(ports, state, record);
  const rendered = renderer.deployment({
    record,
    build: row?.build ?? null,
    lane: state,
    now: ports.now(),
    stagingUrl,
  });
  return { lane, channel: record.slackChannel, rendered, anew: false };
}

/** Only worth a link while the slot holds this very build; not worth waiting for. */
async function stagingUrlOf(ports: Ports, { active }: Lane, record: DeploymentRecord): Promise<string | null> {
  if (active?.stage !== 'awaiting-approval' || active.record.id !== record.id) return null;
  try {
    return await ports.site.address(active.policy.site, 'staging');
  } catch (error) {
    if (error instanceof Unavailable || error instanceof LastingFailure) return null;
    throw error;
  }
}

async function showError(ports: Ports, event: OutgoingEvent, renderer: Renderer): Promise<Showing | null> {
  const lane = textIn(event, 'lane') as LaneId;
  const channel = ports.apps.policy(lane).slack?.channel;
  const stored = await ports.errors.group(lane, textIn(event, 'fingerprint') as Fingerprint);
  if (stored === null || channel === undefined) return null;
  const deployment = textIn(event, 'deployment');
  const record = deployment === '' ? null : await ports.lanes.deployment(lane, deployment as DeploymentId);
  const row = record === null ? null : await ports.lanes.build(lane, record.build.id);
  const kind = textIn(event, 'kind') === 'regressed' ? 'regressed' : 'new';
  const message = renderer.error({
    group: stored.group,
    kind,
    version: textIn(event, 'version') as Version,
    record,
    build: row?.build ?? null,
  });
  return { lane, channel, rendered: { message, details: [] }, anew: false };
}

const textIn = (event: OutgoingEvent, name: string): string => String(event.data[name] ?? '');
