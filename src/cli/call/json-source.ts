import { fstatSync } from 'node:fs';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { KosmoError } from '../../support/errors.ts';
import { isJsonObject, type JsonObject } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';
import { readFile, readStdin } from '../program.ts';

/** How long a silent pipe is waited for before a person is told, in milliseconds. */
const patience = 2_000;

/**
 * The JSON arguments of a call: the text itself, `@file`, `-` or whatever is piped in; nothing is no arguments.
 * @throws KosmoError `usage` for text that does not parse (with its place), is no object, or for two sources,
 *   `input_unreadable`
 */
export async function readArguments(given: string | undefined): Promise<JsonObject> {
  if (given === '-') return parseArguments(await readStdin(), 'stdin');
  if (given === undefined) {
    if (!isPiped()) return {};
    const waiting = setTimeout(() => {
      process.stderr.write('Waiting for JSON on stdin; end it with Ctrl-D, or give </dev/null for none.\n');
    }, patience);
    try {
      return parseArguments(await readStdin(), 'stdin');
    } finally {
      clearTimeout(waiting);
    }
  }
  if (isPiped() && (await holdsSomething())) {
    throw new KosmoError('usage', 'Two JSON arguments were given: one on the command line, one on stdin.', {
      hint: 'Give one of them; --arg and the function’s flags go beside either.',
    });
  }
  if (given.startsWith('@')) return parseArguments(readFile(given.slice(1)), given.slice(1));
  return parseArguments(Buffer.from(given), 'the JSON argument');
}

/** Whether something other than a terminal or /dev/null stands at stdin. */
function isPiped(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isFile() || stdin.isSocket();
  } catch {
    return false;
  }
}

/** Whether stdin has something to read by now. It is not waited for what may come. */
async function holdsSomething(): Promise<boolean> {
  const held = await new Promise<boolean>((resolve) => {
    // On a busy machine the time is over before anything was read: what lies there has its turn first.
    const late = () => setImmediate(() => setImmediate(() => resolve(false)));
    const soon = setTimeout(late, 50);
    process.stdin.once('readable', () => {
      clearTimeout(soon);
      resolve(process.stdin.read() !== null);
    });
    process.stdin.once('error', () => resolve(false));
  });
  process.stdin.destroy();
  return held;
}

function parseArguments(bytes: Uint8Array, source: string): JsonObject {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  if (text.trim() === '') return {};
  const value = parseJson(text);
  if (value === undefined) throw broken(text, source);
  if (isJsonObject(value)) return value;
  const what = Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`;
  throw new KosmoError('usage', `The arguments must be a JSON object; ${source} holds ${what}.`, {
    hint: 'Write them as in \'{"limit": 10}\'.',
  });
}

function broken(text: string, source: string): KosmoError {
  const errors: ParseError[] = [];
  parse(text, errors, { allowTrailingComma: false, disallowComments: true });
  const [first] = errors;
  const offset = Math.min(first?.offset ?? text.length, text.length);
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1) ?? '').length + 1;
  const reason = first === undefined ? 'it is not JSON' : wordsOf(printParseErrorCode(first.error));
  return new KosmoError('usage', `${source}:${line}:${column}: ${reason}, so the arguments cannot be read.`, {
    hint: 'Write them as JSON, such as \'{"limit": 10}\'.',
    details: { source, line, column },
  });
}

/** `CommaExpected` → `comma expected`. */
function wordsOf(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
