import { exitCodeOf, type Failure, failureOf } from '../support/errors.ts';

/**
 * Tells of an error that ended a command before it had anything to show, and answers with the exit code.
 * @param json whether the caller reads JSON: then it is an envelope on stdout
 */
export async function writeError(thrown: unknown, json: boolean): Promise<number> {
  const error = failureOf(thrown);
  if (json) {
    const { writeOut } = await import('./output.ts');
    const { luaEnvelope } = await import('./envelope.ts');
    await writeOut(`${luaEnvelope({ error })}\n`);
  } else {
    process.stderr.write(renderError(error));
  }
  return exitCodeOf(error);
}

/** An error for people: what happened, and what to do next. */
export function renderError(error: Failure): string {
  const { at, traceback } = error.details;
  const place = typeof at === 'string' ? `  at ${at}\n` : '';
  // The first line of a traceback is the place the message names already.
  const callers = Array.isArray(traceback)
    ? traceback
        .slice(1)
        .map((line) => `  from ${String(line)}\n`)
        .join('')
    : '';
  const hint = error.hint === '' ? '' : `  ${error.hint}\n`;
  return `error: ${error.message}\n${place}${callers}${hint}`;
}
