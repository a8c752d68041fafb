/** Time as the rooms that wait and measure see it; tests give one that never waits. */
export interface Clock {
  /** Milliseconds, only ever compared with each other. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /**
   * Does something after so many milliseconds, unless it is called off before: by what this gives back. It does not
   * keep the process from ending.
   */
  after(milliseconds: number, action: () => void): () => void;
}

/** The longest a timer of Node.js can run: 2^31 - 1 milliseconds. */
const longest = 2_147_483_647;

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  sleep(milliseconds, signal) {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(milliseconds, longest));
      signal.addEventListener('abort', done);
    });
  },
  after(milliseconds, action) {
    const timer = setTimeout(action, Math.min(milliseconds, longest)).unref();
    return () => clearTimeout(timer);
  },
};
