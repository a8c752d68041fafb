import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LuaLimits, ScriptOutcome } from '../lua/index.ts';
import { failure } from '../support/errors.ts';
import { stringifyJson } from '../support/json.ts';

/** How much of an error's message is shown when it is too long to be shown whole, in characters. */
const shownOfMessage = 2_000;

/**
 * Puts what is too large to show into a file under the user's home and names the file in the run's error: all that
 * was printed, the result, or the error's message. Where no file can be written the error says only that it was too large.
 */
export function keepLargeOutput(outcome: ScriptOutcome, limits: LuaLimits, home: string): ScriptOutcome {
  const { error, overflow, output, result } = outcome;
  if (error?.code === 'output_limit' && overflow !== null) {
    const file = save(home, 'txt', output + overflow);
    if (file === null) return outcome;
    const message = `${error.message} The rest is left out; all of it is in ${file}`;
    return { ...outcome, error: { ...error, message, details: { ...error.details, file } } };
  }
  if (error !== null && error.message.length > limits.outputBytes) {
    const file = save(home, 'txt', error.message);
    const where = file === null ? '' : `; all of it is in ${file}`;
    const message = `${error.message.slice(0, shownOfMessage)}… (${Buffer.byteLength(error.message)} bytes${where})`;
    const details = { ...error.details, ...(file === null ? {} : { file }) };
    return { ...outcome, error: { ...error, message, details } };
  }
  if (error !== null || !outcome.returned) return outcome;
  const text = stringifyJson(result);
  const bytes = Buffer.byteLength(text);
  if (bytes <= limits.outputBytes) return outcome;
  const file = save(home, 'json', text);
  const where = file === null ? '' : ` It is in ${file}`;
  const tooLarge = failure(
    'output_limit',
    `The result has ${bytes} bytes of JSON; ${limits.outputBytes} are shown at most.${where}`,
    {
      hint: 'Return only what is needed.',
      details: { bytes, limit: limits.outputBytes, ...(file === null ? {} : { file }) },
    },
  );
  return { ...outcome, ok: false, result: null, returned: false, error: tooLarge };
}

function save(home: string, extension: string, text: string): string | null {
  const folder = join(home, 'outputs');
  const file = join(
    folder,
    `${new Date().toISOString().replaceAll(':', '-')}-${randomBytes(4).toString('hex')}.${extension}`,
  );
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    return file;
  } catch {
    return null;
  }
}
