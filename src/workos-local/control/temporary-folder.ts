import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives work a folder of its own, which is gone afterwards, whatever comes of it. */
export function withTemporaryFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'kosmo-local-'));
  let result: T;
  try {
    result = work(folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (result instanceof Promise) return result.finally(remove) as T;
  remove();
  return result;
}
