import { basename, isAbsolute, relative, resolve } from 'node:path';
import { type Failure, failure, systemErrorCode } from '../support/errors.ts';
import { isJsonObject, type JsonValue } from '../support/json.ts';
import type { BoundArguments } from './bind.ts';
import type { OperationPlan } from './plan.ts';

/** Which files calls may read: any, those below some folders, or none. */
export type FileAccess = 'any' | readonly string[];

/** A file that goes with a call. */
export interface AttachedFile {
  readonly name: string;
  /** Its media type; null when nobody said. */
  readonly type: string | null;
  readonly bytes: Uint8Array;
}

/** Files by where they stand in the body: `photo`, `photos.0`, or an empty name when the body is the file. */
export type AttachedFiles = ReadonlyMap<string, AttachedFile>;

/** The largest file that is read, in bytes. */
const largest = 200 * 1024 * 1024;

/** Reads the files that a bound call sends. What is named by a path is read only where that is allowed. */
export async function attachFiles(
  { operation }: OperationPlan,
  bound: BoundArguments,
  access: FileAccess,
): Promise<AttachedFiles | Failure> {
  const files = new Map<string, AttachedFile>();
  const { body } = operation;
  if (body === null || bound.body === undefined) return files;
  const places: [string, JsonValue][] =
    body.encoding === 'file' ? [['', bound.body]] : placesOf(body.parts, bound.body);
  for (const [place, value] of places) {
    const file = await attach(place === '' ? 'body' : place, value, access);
    if ('code' in file) return file;
    files.set(place, file);
  }
  return files;
}

function placesOf(
  parts: Readonly<Record<string, { readonly isFile?: true }>> | undefined,
  body: JsonValue,
): [string, JsonValue][] {
  if (!isJsonObject(body)) return [];
  return Object.entries(parts ?? {}).flatMap(([name, part]): [string, JsonValue][] => {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (part.isFile !== true || value === undefined || value === null) return [];
    return Array.isArray(value) ? value.map((item, index) => [`${name}.${index}`, item]) : [[name, value]];
  });
}

async function attach(place: string, value: JsonValue, access: FileAccess): Promise<AttachedFile | Failure> {
  const said = isJsonObject(value) ? value : { path: value };
  const type = typeof said['type'] === 'string' ? said['type'] : null;
  const name = typeof said['name'] === 'string' ? said['name'] : null;
  const { path, text, base64 } = said;
  const given = [path, text, base64].filter((source) => source !== undefined);
  if (given.length !== 1) return refused(place, 'it takes one of path, text and base64');
  if (typeof text === 'string') return { name: name ?? 'file.txt', type, bytes: Buffer.from(text) };
  if (typeof base64 === 'string') {
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(base64)) return refused(place, 'its base64 is none');
    return { name: name ?? 'file', type, bytes: Buffer.from(base64, 'base64') };
  }
  if (typeof path !== 'string') return refused(place, 'it takes the path of a file');
  return readAllowed(place, path, access, { name, type });
}

async function readAllowed(
  place: string,
  path: string,
  access: FileAccess,
  said: { readonly name: string | null; readonly type: string | null },
): Promise<AttachedFile | Failure> {
  if (access !== 'any' && access.length === 0) {
    return refused(
      place,
      `the program may not read files, and ${path} is one`,
      'Add --allow-files FOLDER to let it read the files below a folder, or give { text = … } or { base64 = … }.',
    );
  }
  try {
    const { readFile, realpath, stat } = await import('node:fs/promises');
    // What a link leads to is what counts.
    const real = await realpath(path);
    if (access !== 'any' && !(await isBelow(real, access))) {
      return refused(
        place,
        `${path} is in none of the folders that may be read (${access.join(', ')})`,
        'Add --allow-files FOLDER for another folder.',
      );
    }
    const { size } = await stat(real);
    if (size > largest) return refused(place, `${path} has ${size} bytes, and ${largest} is the most`);
    return { name: said.name ?? basename(path), type: said.type, bytes: await readFile(real) };
  } catch (error) {
    const code = systemErrorCode(error) ?? 'unknown reason';
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'you may not read it',
    };
    return refused(place, `cannot read ${path}: ${reasons[code] ?? code}`);
  }
}

async function isBelow(path: string, folders: readonly string[]): Promise<boolean> {
  const { realpath } = await import('node:fs/promises');
  for (const folder of folders) {
    const root = await realpath(resolve(folder)).catch(() => null);
    if (root === null) continue;
    const way = relative(root, path);
    if (way !== '' && !way.startsWith('..') && !isAbsolute(way)) return true;
  }
  return false;
}

function refused(place: string, reason: string, hint?: string): Failure {
  return failure('file_refused', `${place}: ${reason}. Nothing was sent.`, {
    ...(hint === undefined ? {} : { hint }),
    details: { argument: place },
  });
}
