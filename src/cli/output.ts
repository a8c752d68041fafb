import { writeSync } from 'node:fs';
import { systemErrorCode } from '../support/errors.ts';

/**
 * Writes text to stdout, all of it, also into a pipe that is slow to read. A reader that has gone away is no error:
 * `kosmo … | head` ends in silence.
 */
export async function writeOut(text: string): Promise<void> {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(process.stdout.fd, rest));
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
