import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KosmoError, systemErrorCode } from '../support/errors.ts';
import type { Site } from './site.ts';

/** Names the files that a site consists of, so that the next one written there can take away what is gone. */
const listFile = '.kosmo-site';

export interface WrittenSite {
  readonly files: number;
  readonly bytes: number;
  readonly pages: number;
}

/**
 * Writes a site into a folder, which is made when it is not there. What an earlier site left that is no longer part of
 * it is taken away; other files stay.
 * @throws KosmoError `usage` when the folder holds something else, `output_unwritable` when it cannot be written
 */
export async function writeSite(site: Site, folder: string): Promise<WrittenSite> {
  const before = onDisk(folder, () => filesBefore(folder));
  let bytes = 0;
  for (const file of site.files.values()) {
    const content = await file.content();
    const path = join(folder, file.path);
    onDisk(folder, () => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    });
    bytes += Buffer.byteLength(content);
  }
  onDisk(folder, () => {
    for (const path of before) if (!site.files.has(path)) rmSync(join(folder, path), { force: true });
    writeFileSync(join(folder, listFile), `${[...site.files.keys()].join('\n')}\n`);
  });
  return { files: site.files.size, bytes, pages: site.pages.length };
}

/** Does something to the folder; what the disk refuses is the user's to know. */
function onDisk<Result>(folder: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === null) throw error;
    throw new KosmoError('output_unwritable', `Cannot write the site to ${folder} (${code}).`);
  }
}

function filesBefore(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const list = join(folder, listFile);
  if (existsSync(list)) {
    const paths = readFileSync(list, 'utf8').split('\n');
    // The list is a file like any other: nothing outside the folder is taken away for it.
    return paths.filter(
      (path) => path !== '' && !path.startsWith('/') && !path.split(/[\\/]/).includes('..'),
    );
  }
  const found = readdirSync(folder).find((name) => !name.startsWith('.'));
  if (found === undefined) return [];
  throw new KosmoError('usage', `${folder} holds other files, such as ${found}.`, {
    hint: 'Give an empty folder, or one that kosmo docs:site has written.',
  });
}
