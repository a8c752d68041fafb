import { exitCodeOf, type Failure, failureOf } from '../support/errors.ts';
import { stringifyJson } from '../support/json.ts';
import { writeOut } from './output.ts';
import { plainText } from './show/plain-text.ts';

/**
 * Tells of an error that ended a command before it had anything to show, and answers with the exit code.
 * @param json whether the caller reads JSON: then it is an envelope on stdout
 */
export async function writeError(
  thrown: unknown,
  json: boolean,
  envelope: (error: Failure) => string = (error) => stringifyJson({ success: false, error }),
): Promise<number> {
  const error = failureOf(thrown);
  if (json) {
    await writeOut(`${envelope(error)}\n`);
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
  const text = `error: ${error.message}\n${place}${callers}${hint}`;
  return process.stderr.isTTY ? plainText(text, true) : text;
}
