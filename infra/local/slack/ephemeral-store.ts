import type { Message } from './message-store.ts';

/** A message that one person alone sees, and no list of a channel's messages has. */
export interface Ephemeral extends Message {
  /** The id of the person. */
  to: string;
}

export interface EphemeralStore {
  /** What one person (or anybody) sees, in a channel or in all, oldest first. */
  list(to?: string, channel?: string): Ephemeral[];
  find(channel: string, ts: string): Ephemeral | undefined;
  save(message: Ephemeral): void;
}

/** In memory only: Slack forgets them as well, when the person's client starts anew. */
export function createEphemeralStore(): EphemeralStore {
  const kept = new Map<string, Ephemeral>();
  return {
    list: (to, channel) =>
      [...kept.values()].filter(
        (message) => (to === undefined || message.to === to) && (channel === undefined || message.channel === channel),
      ),
    find: (channel, ts) => kept.get(`${channel} ${ts}`),
    save: (message) => void kept.set(`${message.channel} ${message.ts}`, message),
  };
}
