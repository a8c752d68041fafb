import { type Clock, systemClock } from '../../support/clock.ts';

/** The system's clock, but for sleeping: that takes no time, and the clock is ahead by so much afterwards. */
export class SkippingClock implements Clock {
  readonly after: Clock['after'] = (milliseconds, action) => systemClock.after(milliseconds, action);
  #skipped = 0;

  now(): number {
    return systemClock.now() + this.#skipped;
  }

  date(): number {
    return systemClock.date() + this.#skipped;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.#skipped += milliseconds;
  }
}
