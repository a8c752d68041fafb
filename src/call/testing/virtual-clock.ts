import type { Clock } from '../../support/clock.ts';

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/**
 * A clock for tests. Whoever sleeps is woken as soon as nothing else is left to do, and the time with it is that of
 * the waking; what is to be done after a time is done when the time has got there by sleeping or by `advance`.
 */
export class VirtualClock implements Clock {
  /** How long each sleep was asked to be, in milliseconds. */
  readonly slept: number[] = [];
  /** Whether a sleeper waits for `advance`. */
  held = false;
  #time = 1_000;
  #timers: Timer[] = [];

  now(): number {
    return this.#time;
  }

  /** 2026-01-01T00:00:00Z and what has passed. */
  date(): number {
    return Date.UTC(2026, 0, 1) + this.#time - 1_000;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.slept.push(milliseconds);
    return new Promise((resolve) => {
      const timer = { at: this.#time + milliseconds, fire: resolve };
      this.#timers.push(timer);
      const wake = () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        resolve();
      };
      if (signal.aborted) wake();
      signal.addEventListener('abort', wake);
      setImmediate(() => {
        if (!this.held && this.#timers.includes(timer)) this.advance(Math.max(0, timer.at - this.#time));
      });
    });
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#time + milliseconds, fire: action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets so much time pass. */
  advance(milliseconds: number): void {
    const end = this.#time + milliseconds;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#time = Math.max(this.#time, due.at);
      due.fire();
    }
    this.#time = end;
  }
}
