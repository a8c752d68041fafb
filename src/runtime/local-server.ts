import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalAccount } from '../accounts/index.ts';
import { Catalog, type Integration } from '../catalog/index.ts';
import type { IndexedOperation } from '../manifest/index.ts';
import { KosmoError, systemErrorCode } from '../support/errors.ts';
import { productFolder } from '../support/installation.ts';
import type { LocalServer, LocalServerOptions } from '../workos-local/index.ts';

export const localAccountName = 'localhost';

/** The account that talks to the local server; it is always there. */
export const localAccount = {
  integration: 'workos',
  name: localAccountName,
  values: { api_key: 'sk_test_localhost', client_id: 'client_localhost', url: 'http://localhost' },
} as const satisfies LocalAccount;

/** Where the local server keeps its state unless told otherwise. */
export function localDatabase(home: string): string {
  return join(home, 'workos-local', 'workos.db');
}

/** The integration as it came with kosmo, read anew only where another document of it is in use. */
function fromBox(installed: Catalog, name: string): Integration | undefined {
  const box = join(productFolder(), 'integrations');
  const used = installed.get(name);
  return used?.folder === join(box, name) ? used : Catalog.open(box).get(name);
}

/** What the document in use has and the local server does not: it came with a newer one. */
export function beyondLocal(installed: Catalog): readonly IndexedOperation[] {
  const { integration } = localAccount;
  const own = fromBox(installed, integration);
  const used = installed.get(integration);
  if (own === undefined || used === undefined || used.folder === own.folder) return [];
  const keyOf = ({ method, path }: IndexedOperation) => `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`;
  const known = new Set(own.reader.index.operations.map(keyOf));
  return used.reader.index.operations.filter((entry) => !known.has(keyOf(entry)));
}

/**
 * Opens the local server, with everything it needs to answer. Its code is loaded only here. It keeps to the document
 * it was made for, also when a newer one is in use.
 * @param database a path, or `:memory:`; a missing folder is made, open to nobody else
 */
export async function openLocal(
  catalog: Catalog,
  database: string,
  options: Pick<LocalServerOptions, 'autoEnvironments' | 'requests'> = {},
): Promise<LocalServer> {
  const { integration, openLocalServer } = await import('../workos-local/index.ts');
  const installed = fromBox(catalog, integration);
  if (installed === undefined) throw new KosmoError('internal', `The manifest of ${integration} is missing.`);
  if (database !== ':memory:') makeFolderOf(database);
  return openLocalServer({ database, manifest: installed.reader, beyond: beyondLocal(catalog), ...options });
}

function makeFolderOf(database: string): void {
  const folder = join(database, '..');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new KosmoError(
      'home_unusable',
      `Cannot make the folder ${folder} (${systemErrorCode(error) ?? 'unknown reason'}).`,
    );
  }
}
