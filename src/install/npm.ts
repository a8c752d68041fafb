import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';
import { KosmoError } from '../support/errors.ts';
import { isJsonObject } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';

/** A file of a package. */
export interface PackageFile {
  readonly text: string;
  readonly version: string;
}

/** The largest file that is read, in bytes. */
const largest = 100 * 1024 * 1024;

/**
 * Reads one file of an npm package. The user's own npm fetches the package, so that its registry, proxy and credentials
 * count, and checks it against the registry's hash; nothing of the package is installed or run.
 * @throws KosmoError `document_unreachable`
 */
export async function readPackageFile(packageName: string, file: string): Promise<PackageFile> {
  if (!/^(@[\w.-]+\/)?[\w.-]+(@[\w.^~-]+)?$/.test(packageName))
    throw new KosmoError('usage', `${packageName} is no name of an npm package.`);
  const folder = await mkdtemp(join(tmpdir(), 'kosmo-package-'));
  try {
    const { filename, version } = await pack(packageName, folder);
    const text = await readEntry(join(folder, filename), `package/${file}`);
    if (text === null)
      throw new KosmoError('document_unreachable', `The npm package ${packageName} has no file ${file}.`);
    return { text, version };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pack(packageName: string, folder: string): Promise<{ filename: string; version: string }> {
  const args = ['pack', packageName, '--json', '--ignore-scripts', '--pack-destination', folder];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      'npm',
      args,
      { cwd: folder, maxBuffer: 64 * 1024 * 1024, timeout: 300_000, shell: process.platform === 'win32' },
      (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        const missing = 'code' in error && error.code === 'ENOENT';
        const said = stderr.split('\n').find((line) => /npm (error|ERR!)/.test(line)) ?? error.message;
        const reason = missing ? 'npm is not installed' : said.replace(/^npm (error|ERR!) ?/, '');
        reject(
          new KosmoError('document_unreachable', `Cannot get the npm package ${packageName}: ${reason}.`),
        );
      },
    );
  });
  // Old versions answer with a list, newer ones with an object by package.
  const parsed = parseJson(output);
  const [entry] = Array.isArray(parsed) ? parsed : isJsonObject(parsed) ? Object.values(parsed) : [];
  const { filename, version } = isJsonObject(entry) ? entry : {};
  if (typeof filename !== 'string' || typeof version !== 'string')
    throw new KosmoError('document_unreachable', `npm did not say where it put ${packageName}.`);
  return { filename: filename.replace(/^@/, '').replaceAll('/', '-'), version };
}

/** One file of a packed archive: the rest of it, which may be hundreds of megabytes, is passed by. */
async function readEntry(archive: string, name: string): Promise<string | null> {
  const folder = `${archive}.unpacked`;
  const isWanted = (entry: { name: string; type?: string | undefined }) =>
    entry.name === name && entry.type === 'file';
  await pipeline(createReadStream(archive), createGunzip(), unpackTar(folder, { filter: isWanted }));
  const path = join(folder, name);
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  if (found.size > largest)
    throw new KosmoError('document_unreachable', `${name} is larger than a document may be.`);
  return await readFile(path, 'utf8');
}
