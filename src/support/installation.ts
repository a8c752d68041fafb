import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KosmoError } from './errors.ts';

/**
 * The folder of the built product: what stands beside the code when it is bundled, and `dist/` when it runs from
 * source.
 */
export function productFolder(): string {
  for (const candidate of ['.', '..', '../../dist']) {
    const folder = join(import.meta.dirname, candidate);
    if (existsSync(join(folder, 'integrations'))) return folder;
  }
  throw new KosmoError('internal', 'The installation of kosmo is incomplete: its integrations are missing.', {
    hint: 'Install it again.',
  });
}

/** The folder of the project's own documentation, which is installed beside the product. */
export function manualFolder(): string {
  return join(productFolder(), '..', 'docs');
}
