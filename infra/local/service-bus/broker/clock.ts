/** Where the broker gets its time from; tests put in one they can move forward. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once `ms` milliseconds have passed; the result takes that back. */
  after(ms: number, run: () => void): () => void;
}

/** A timer of Node cannot wait longer than this; the deadlines ask again when it is over. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), longestTimerMs));
    return () => clearTimeout(timer);
  },
};
