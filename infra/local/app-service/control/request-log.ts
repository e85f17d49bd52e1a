import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** One call ARM or Kudu received, whether or not it was taken or answered. */
export interface Received {
  /** 1, 2, 3 … over all restarts. */
  n: number;
  at: string;
  surface: 'arm' | 'kudu';
  /** Of a Kudu call: whose Kudu. */
  site: string | null;
  slot: string | null;
  method: string;
  /** With its query. */
  path: string;
  clientRequestId: string | null;
  /** The status answered, also where a fault kept the answer from its caller; null while there is none. */
  status: number | null;
  endedAt: string | null;
  /** The armed fault it ran into. */
  fault: string | null;
  /** Of a swap: whether the front doors were exchanged by it. Null for any other call. */
  applied: boolean | null;
}

export interface RequestLog {
  receive(what: Pick<Received, 'surface' | 'site' | 'slot' | 'method' | 'path' | 'clientRequestId'>): Received;
  /** Notes something that became known of a received call. */
  note(n: number, known: Partial<Pick<Received, 'status' | 'endedAt' | 'fault' | 'applied'>>): void;
  since(n: number): Received[];
}

/** Opens the list of received calls. It is a file of JSON lines, each call's later lines adding to its first, so a kill loses none. */
export function openRequestLog(file: string): RequestLog {
  const all = new Map<number, Received>();
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    const known = parse(line);
    if (known !== undefined) all.set(known.n, { ...(all.get(known.n) as Received), ...known });
  }
  let last = Math.max(0, ...all.keys());
  const append = (line: object): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
  return {
    receive(what) {
      last += 1;
      const applied = what.surface === 'arm' && isSwap(what) ? false : null;
      const received = {
        n: last,
        at: new Date().toISOString(),
        ...what,
        status: null,
        endedAt: null,
        fault: null,
        applied,
      };
      all.set(last, received);
      append(received);
      return received;
    },
    note(n, known) {
      const received = all.get(n);
      if (received === undefined) return;
      Object.assign(received, known);
      append({ n, ...known });
    },
    since: (n) => [...all.values()].filter((received) => received.n > n),
  };
}

const isSwap = ({ method, path }: { method: string; path: string }): boolean =>
  method === 'POST' && /\/slotsswap(\?|$)/i.test(path);

/** A kill may have cut the last line short; what it would have said is lost, the call's first line is not. */
function parse(line: string): Received | undefined {
  try {
    return JSON.parse(line) as Received;
  } catch {
    return undefined;
  }
}
