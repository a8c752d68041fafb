import { StepFailure } from './run.mjs';

/**
 * Writes a line of progress for the person who waits; stdout stays the command's own.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a job; when a step of it fails, says which and why, and makes the process end with exit code 1.
 *
 * @param {() => Promise<void>} job
 */
export async function reportingFailure(job) {
  try {
    await job();
  } catch (thrown) {
    if (!(thrown instanceof StepFailure)) throw thrown;
    say(thrown.message);
    process.exitCode = 1;
  }
}
