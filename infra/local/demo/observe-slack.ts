/** A message as people see it. */
export interface MessageSeen {
  /** Everything it says: its text, its blocks, its attachments. */
  says: string;
  thread: string | null;
  ts: string;
}

/** The messages of a channel, oldest first, replies among them. */
export async function messagesIn(slack: string, channel: string): Promise<MessageSeen[]> {
  const url = new URL(`/_control/messages?channel=${encodeURIComponent(channel)}`, slack);
  const answer = await fetch(url);
  // A channel nobody wrote to yet is not there.
  if (answer.status === 404) return [];
  const { messages } = (await answer.json()) as { messages: Stored[] };
  return messages.map(({ text, blocks, attachments, thread_ts, ts }) => ({
    says: [text, ...textsIn(blocks), ...textsIn(attachments)].join('\n'),
    thread: thread_ts ?? null,
    ts,
  }));
}

interface Stored {
  ts: string;
  thread_ts?: string;
  text: string;
  blocks: unknown;
  attachments: unknown;
}

/** Every text somewhere inside, in order; the names of kinds of blocks are nothing a person sees. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === 'type' ? [] : textsIn(item)));
}
