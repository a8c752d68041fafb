import { minute } from '../clock.ts';

/** The wait after the first failure; each further one is four times as long. */
const firstWait = 3 * minute;
const mostRetries = 6;

/**
 * When a delivery is tried again: up to six times, ever more seldom, the last time after 68 hours. (WorkOS: six
 * retries with exponential back-off over three days.)
 *
 * @param failures how often it has failed, this time counted
 * @returns milliseconds to wait, or null when it is given up
 */
export function waitAfter(failures: number): number | null {
  return failures > mostRetries ? null : firstWait * 4 ** (failures - 1);
}
