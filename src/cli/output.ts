import { writeSync } from 'node:fs';
import { systemErrorCode } from '../support/errors.ts';

/** By its number: to open `process.stdout` takes milliseconds that most commands need not spend. */
const stdout = 1;

/**
 * Writes text to stdout, all of it, also into a pipe that is slow to read. A reader that has gone away is no error:
 * `kosmo … | head` ends in silence.
 * @returns false when nobody reads any more
 */
export async function writeOut(text: string): Promise<boolean> {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(stdout, rest));
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw error;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  return true;
}

/**
 * Writes what a run prints while it goes on. The exit code a shell gives a command that is stopped by a closed pipe is
 * what is left to say when the reader has gone: `gone` is called once, and nothing more is written.
 */
export function writeAlong(gone: () => void): (text: string) => void {
  let open = true;
  let listens = false;
  const listen = () => {
    listens = true;
    process.stdout.on('error', (error) => {
      if (systemErrorCode(error) !== 'EPIPE') throw error;
      if (open) gone();
      open = false;
    });
  };
  return (text) => {
    if (!listens) listen();
    if (open) process.stdout.write(text);
  };
}

/** Tells a person what there is to know beside what came of a command. */
export function writeWarnings(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}

/** 128 + SIGPIPE, as shells tell of it. */
export const readerGone = 141;
