import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { KosmoError, systemErrorCode } from '../support/errors.ts';

/** A program's text and what error messages call it. */
export interface Program {
  readonly source: string | Uint8Array;
  readonly name: string;
}

/**
 * Where the program is: `--eval`, a file, or stdin when it is named `-` or something is piped in.
 * @throws KosmoError `usage` for two sources or none, `input_unreadable`
 */
export async function readProgram(file: string | undefined, code: string | undefined): Promise<Program> {
  if (code !== undefined) {
    if (file !== undefined) {
      throw new KosmoError('usage', `Two programs were given: the file ${file} and --eval.`, {
        hint: 'Give one of them.',
      });
    }
    return { source: code, name: 'eval' };
  }
  if (file !== undefined && file !== '-') return { source: readFile(file), name: basename(file) };
  if (file === undefined && process.stdin.isTTY) {
    throw new KosmoError('usage', 'There is no program to run.', {
      hint: 'Name a file, give the program with --eval, or pipe it in. --help shows examples.',
    });
  }
  return { source: await readStdin(), name: 'stdin' };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
};

/**
 * A file named on the command line.
 * @throws KosmoError `input_unreadable`
 */
export function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = systemErrorCode(error) ?? '';
    throw new KosmoError('input_unreadable', `Cannot read ${file}: ${reasons[code] ?? code}.`, {
      details: { file },
    });
  }
}

/** All of stdin. */
export async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}
