import { type Replayer, Unreadable } from '../../ports.ts';
import type { Bus } from './bus.ts';
import { fitting } from './message-id.ts';

/** What makes the session of a message of this entity, read from its body; null: it has none. */
const sessionIn: Record<string, ((body: unknown) => unknown) | null> = {
  builds: null,
  'error-reports': null,
  packages: null,
  'site-events': null,
  lanes: (body) => pick(pick(pick(body, 'data'), 'input'), 'lane'),
  'deployment-events': (body) => pick(body, 'subject'),
};

/** A subscription is sent to by its topic: its name is where a letter came from, not where it goes. */
const topicOf: Record<string, string> = { slack: 'deployment-events' };

/**
 * Sends raw text to the queue (or topic) its source begins with, byte for byte as it was received. Throws Unreadable where
 * the source is none we send to, or the text does not say which session it belongs to.
 */
export const replayer = (bus: Bus): Replayer => ({
  async replay(source, raw, messageId) {
    const named = source.split('/')[0] ?? '';
    const entity = Object.hasOwn(topicOf, named) ? (topicOf[named] ?? named) : named;
    const session = Object.hasOwn(sessionIn, entity) ? sessionIn[entity] : undefined;
    if (session === undefined)
      throw new Unreadable(`nothing can be replayed to ${source}: it is no queue or topic of ours`);
    const message = { messageId: fitting(messageId), body: Buffer.from(raw, 'utf8') };
    if (session === null) return bus.send(entity, message);
    const sessionId = session(parsed(raw));
    if (typeof sessionId !== 'string' || sessionId === '')
      throw new Unreadable(`the text cannot be replayed to ${entity}: it does not say which session it belongs to`);
    return bus.send(entity, { ...message, sessionId: fitting(sessionId) });
  },
});

function pick(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
