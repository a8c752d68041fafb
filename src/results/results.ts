import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../support/clock.ts';
import { type Failure, failure } from '../support/errors.ts';
import { type JsonValue, stringifyJson } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import { describeInside, stepsOf, valueAt } from './path.ts';

/** How long a value is kept, in milliseconds. */
const lifetime = 24 * 60 * 60 * 1000;
/** How many are kept, and how many bytes they may take together; the oldest go first. */
const mostFiles = 200;
const mostBytes = 256 * 1024 * 1024;

const handleForm = /^res_[0-9a-f]{24}$/;

/**
 * Values that were too long to show, kept under a handle in the user's home, so that a later call reads what it needs
 * of them: after a restart too, and from another process.
 */
export class Results {
  readonly #folder: string;
  readonly #clock: Pick<Clock, 'date'>;

  constructor(home: string, clock: Pick<Clock, 'date'>) {
    this.#folder = join(home, 'results');
    this.#clock = clock;
  }

  /** Keeps a value for a day. @returns its handle; null when nothing can be written */
  keep(value: JsonValue): string | null {
    const handle = `res_${randomBytes(12).toString('hex')}`;
    const text = stringifyJson(value);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      this.#makeRoom(Buffer.byteLength(text));
      writeFileSync(this.#file(handle), text, { mode: 0o600, flag: 'wx' });
      return handle;
    } catch {
      return null;
    }
  }

  /**
   * A kept value, or what stands at a path in it: `data[3].name`, counted from 1.
   * @returns an error when there is no such handle any more, or nothing at the path
   */
  read(handle: string, path = ''): { readonly value: JsonValue } | { readonly error: Failure } {
    const steps = stepsOf(path);
    if (steps === null) {
      const hint = 'A path is written as in Lua: data[3].name.';
      return { error: failure('invalid_arguments', `results.read: ${path} is no path.`, { hint }) };
    }
    const value = this.#read(handle);
    if (value === undefined) {
      return { error: failure('unknown_result', `There is no result ${handle}.`, { details: { handle } }) };
    }
    const found = valueAt(value, steps);
    if ('value' in found) return found;
    const error = failure(
      'invalid_arguments',
      `results.read: nothing is at ${path}: ${found.missing} is not in ${describeInside(found.in)}.`,
      { hint: 'Lists are counted from 1.', details: { handle, path } },
    );
    return { error };
  }

  #read(handle: string): JsonValue | undefined {
    // Nothing but a handle is ever made into the name of a file.
    if (!handleForm.test(handle)) return undefined;
    try {
      const file = this.#file(handle);
      if (this.#isOver(statSync(file).mtimeMs)) return undefined;
      return parseJson(readFileSync(file, 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Takes away what is over, and the oldest until there is room for so many bytes. */
  #makeRoom(bytes: number): void {
    const kept = readdirSync(this.#folder)
      .filter((name) => handleForm.test(name.replace(/\.json$/, '')))
      .flatMap((name) => this.#fileOf(name))
      .sort((a, b) => b.mtimeMs - a.mtimeMs);
    let total = bytes;
    kept.forEach(({ path, size, mtimeMs }, index) => {
      total += size;
      if (total > mostBytes || index >= mostFiles - 1 || this.#isOver(mtimeMs)) remove(path);
    });
  }

  #fileOf(name: string): { path: string; size: number; mtimeMs: number }[] {
    const path = join(this.#folder, name);
    try {
      const { size, mtimeMs } = statSync(path);
      return [{ path, size, mtimeMs }];
    } catch {
      // Another process has taken it away.
      return [];
    }
  }

  #isOver(mtimeMs: number): boolean {
    return this.#clock.date() - mtimeMs > lifetime;
  }

  #file(handle: string): string {
    return join(this.#folder, `${handle}.json`);
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another process was faster.
  }
}
