/** Where the server's time comes from; nothing else in it reads the machine's clock. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

export const second = 1000;
export const minute = 60 * second;
export const day = 24 * 60 * minute;

/** A moment as it is stored and served: ISO 8601 with milliseconds, in UTC. Such texts sort by time. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
