import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexFileOf } from '../manifest/store.ts';
import { isJsonObject } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';

/** The file that says which of an integration's folders is the one in use. */
export const currentFile = 'current.json';

/**
 * Where an integration's files are, below a folder of integrations; null when it is not installed there.
 *
 * What ships in the box lies in the integration's own folder. What was added lies in folders of its own, one for each
 * document it was compiled from, so that another one takes its place by the writing of one small file.
 */
export function installedFolder(root: string, name: string): string | null {
  const folder = join(root, name);
  const current = currentOf(folder);
  if (current !== null) return join(folder, current);
  return existsSync(join(folder, indexFileOf(name))) ? folder : null;
}

function currentOf(folder: string): string | null {
  let text: string;
  try {
    text = readFileSync(join(folder, currentFile), 'utf8');
  } catch {
    return null;
  }
  const said = parseJson(text);
  const name = isJsonObject(said) ? said['current'] : undefined;
  return typeof name === 'string' && /^[A-Za-z0-9._-]+$/.test(name) ? name : null;
}
