/** What the journal knows: each change of a queue's lasting state. Locks are not kept; after a restart messages are free. */
export type Operation =
  | MessageOperation
  | { op: 'active'; queue: string; sequence: number; enqueuedAt: number }
  | { op: 'count'; queue: string; sequence: number; count: number }
  | { op: 'bare'; queue: string; sequence: number; bare: Buffer }
  | { op: 'gone'; queue: string; sequence: number }
  | { op: 'seen'; queue: string; id: string; until: number }
  | { op: 'next'; queue: string; sequence: number };

export interface MessageOperation {
  op: 'message';
  queue: string;
  sequence: number;
  enqueuedSequence: number;
  id: string;
  session?: string | undefined;
  partition?: string | undefined;
  from?: string | undefined;
  enqueuedAt: number;
  scheduledFor?: number | undefined;
  dueAt?: number | undefined;
  timeToLiveMs?: number | undefined;
  expiresAt?: number | undefined;
  count: number;
  bare: Buffer;
}

const nothing = Buffer.alloc(0);

/** One operation as bytes: length of the JSON part, length of the message part, then both. */
export function encodeOperation(operation: Operation): Buffer[] {
  const { bare = nothing, ...rest } = operation as Operation & { bare?: Buffer };
  const text = Buffer.from(JSON.stringify(rest));
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(text.length, 0);
  lengths.writeUInt32BE(bare.length, 4);
  return [lengths, text, bare];
}

/** The operations of one frame's payload, which a checksum has already vouched for. */
export function* decodeOperations(payload: Buffer): Generator<Operation> {
  let at = 0;
  while (at < payload.length) {
    const textEnd = at + 8 + payload.readUInt32BE(at);
    const bareEnd = textEnd + payload.readUInt32BE(at + 4);
    const operation = JSON.parse(payload.toString('utf8', at + 8, textEnd)) as Operation;
    // A copy, so that one small message that stays does not keep the whole frame in memory.
    if (operation.op === 'message' || operation.op === 'bare')
      operation.bare = Buffer.from(payload.subarray(textEnd, bareEnd));
    yield operation;
    at = bareEnd;
  }
}
