/** What a caller of the control side can make go wrong. The first fault that fits a call is used. */
export interface Fault {
  /** Answer with this HTTP status; 429 brings `Retry-After`. */
  status?: number;
  /** Answer `ok: false` with this error. */
  error?: string;
  retryAfterSeconds?: number;
  /** Cut the connection without an answer. */
  down?: boolean;
  /** Do what was asked, then cut the connection: the caller cannot know. */
  lost?: boolean;
  /** Only calls of this method, such as `chat.update`. */
  method?: string;
  /** How often; without it until all faults are taken away. */
  times?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  list(): Fault[];
  /** The fault that this call meets; counts as one time. */
  take(method: string): Fault | undefined;
}

export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    add: (fault) => faults.push({ ...fault }),
    clear: () => {
      faults = [];
    },
    list: () => faults.map((fault) => ({ ...fault })),
    take(method) {
      const fault = faults.find((one) => one.method === undefined || one.method === method);
      if (fault?.times !== undefined) {
        fault.times -= 1;
        if (fault.times <= 0) faults = faults.filter((one) => one !== fault);
      }
      return fault;
    },
  };
}
