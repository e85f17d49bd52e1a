import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A message as Slack keeps it; `ts` is its id within the channel and its time in seconds. */
export interface Message {
  channel: string;
  channelName: string;
  ts: string;
  /** The id of the user or app that wrote it. */
  user: string;
  /** The name it is shown under, when the caller set another than the app's own. */
  username?: string;
  text: string;
  blocks: unknown[];
  attachments: unknown[];
  /** The ts of the message that began the thread, in replies. */
  thread_ts?: string;
  reply_broadcast?: boolean;
  /** How often it was changed after it was posted. */
  edits: number;
  edited?: { user: string; ts: string };
}

export interface MessageStore {
  /** All messages of a channel (or of all), oldest first. */
  list(channel?: string): Message[];
  find(channel: string, ts: string): Message | undefined;
  /** The message as it stood after so many edits: what somebody sees whose screen is behind. */
  seen(channel: string, ts: string, edits: number): Message | undefined;
  /** A ts that no other message has and that is later than all before. */
  nextTs(): string;
  save(message: Message): void;
}

/** Former states that are remembered of each message. */
const REMEMBERED = 100;

/**
 * Keeps messages in memory and, if a file is given, one JSON line for each state of a message in it: the last line of a
 * message counts. A line that was cut off by a crash is left out, and cut from the file.
 */
export function openMessageStore(dataFile?: string): MessageStore {
  const states = new Map<string, Message[]>();
  const keep = (message: Message): void => {
    const key = `${message.channel} ${message.ts}`;
    states.set(key, [...(states.get(key) ?? []).slice(-REMEMBERED), message]);
  };
  if (dataFile) for (const message of readLines(dataFile)) keep(message);
  const all = (): Message[] => [...states.values()].flatMap((of) => of.at(-1) ?? []);
  let lastMicros = Math.max(0, ...all().map((message) => micros(message.ts)));
  return {
    list: (channel) =>
      all()
        .filter((message) => channel === undefined || message.channel === channel)
        .sort((a, b) => micros(a.ts) - micros(b.ts)),
    find: (channel, ts) => states.get(`${channel} ${ts}`)?.at(-1),
    seen: (channel, ts, edits) => states.get(`${channel} ${ts}`)?.find((state) => state.edits === edits),
    nextTs() {
      lastMicros = Math.max(lastMicros + 1, Date.now() * 1000);
      return `${Math.floor(lastMicros / 1_000_000)}.${String(lastMicros % 1_000_000).padStart(6, '0')}`;
    },
    save(message) {
      keep(message);
      if (dataFile) appendFileSync(dataFile, `${JSON.stringify(message)}\n`);
    },
  };
}

/** A ts in whole microseconds; 1.7e15 is well inside the exact integers. */
function micros(ts: string): number {
  return Math.round(Number(ts) * 1_000_000);
}

function readLines(file: string): Message[] {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) writeFileSync(file, whole);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Message);
}
