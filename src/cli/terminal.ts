import { isatty } from 'node:tty';

/** Whether somebody sees what is written to stderr. Asked by its number: to open the stream takes milliseconds. */
export function isWatched(): boolean {
  return isatty(2);
}

/** Whether somebody is there who can be asked: both who answers and who reads the question are at a terminal. */
export function canAsk(): boolean {
  return isatty(0) && isatty(2);
}
