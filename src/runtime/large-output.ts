import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptOutcome } from '../lua/index.ts';
import { cutValue, shapeOf } from '../support/cut-value.ts';
import { type JsonValue, stringifyJson } from '../support/json.ts';

/** A value that was too large to show whole. */
export interface Overflow {
  /** Where all of it is; null when no file could be written. */
  readonly file: string | null;
  /** How large it is as JSON. */
  readonly bytes: number;
  /** How much of that is shown at most. */
  readonly limit: number;
  /** What it looks like: names and types. */
  readonly shape: JsonValue;
}

/** How much of an error's message is shown when it is too long to be shown whole, in characters. */
const shownOfMessage = 2_000;

/**
 * Puts what is too large to show into a file under the user's home and names the file in the run's error: all that was
 * printed, or the error's message. Where no file can be written the error says only that it was too large.
 */
export function keepLargeOutput(outcome: ScriptOutcome, limit: number, home: string): ScriptOutcome {
  const { error, overflow, output } = outcome;
  if (error?.code === 'output_limit' && overflow !== null) {
    const file = save(home, 'txt', output + overflow);
    if (file === null) return outcome;
    const message = `${error.message} The rest is left out; all of it is in ${file}`;
    return { ...outcome, error: { ...error, message, details: { ...error.details, file } } };
  }
  if (error !== null && error.message.length > limit) {
    const file = save(home, 'txt', error.message);
    const where = file === null ? '' : `; all of it is in ${file}`;
    const message = `${error.message.slice(0, shownOfMessage)}… (${Buffer.byteLength(error.message)} bytes${where})`;
    const details = { ...error.details, ...(file === null ? {} : { file }) };
    return { ...outcome, error: { ...error, message, details } };
  }
  return outcome;
}

/**
 * A value as it may be shown: one that is too large is cut at the borders of values, with marks that tell what is
 * left out, and the whole of it is put into a file. What was done is done: a large result is no failure of a run.
 */
export function keepLargeValue(
  value: JsonValue,
  limit: number,
  home: string,
): { readonly value: JsonValue; readonly overflow: Overflow | null } {
  const text = stringifyJson(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= limit) return { value, overflow: null };
  const file = save(home, 'json', text);
  return { value: cutValue(value, limit), overflow: { file, bytes, limit, shape: shapeOf(value) } };
}

/**
 * Puts an answer that is no text into a file under the user's home.
 * @param name what the file's name ends with
 * @returns its path, or null when it cannot be written
 */
export function keepFile(home: string, bytes: Uint8Array, name: string): string | null {
  return write(home, `-${name}`, bytes);
}

function save(home: string, extension: string, text: string): string | null {
  return write(home, `.${extension}`, text);
}

function write(home: string, ending: string, content: string | Uint8Array): string | null {
  const folder = join(home, 'outputs');
  const moment = new Date().toISOString().replaceAll(':', '-');
  const file = join(folder, `${moment}-${randomBytes(4).toString('hex')}${ending}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
    return file;
  } catch {
    return null;
  }
}
