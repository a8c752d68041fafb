import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalAccount } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import { KosmoError, systemErrorCode } from '../support/errors.ts';
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

/**
 * Opens the local server, with everything it needs to answer. Its code is loaded only here.
 * @param database a path, or `:memory:`; a missing folder is made, open to nobody else
 */
export async function openLocal(
  catalog: Catalog,
  database: string,
  options: Pick<LocalServerOptions, 'autoEnvironments' | 'requests'> = {},
): Promise<LocalServer> {
  const { integration, openLocalServer } = await import('../workos-local/index.ts');
  const installed = catalog.get(integration);
  if (installed === undefined) throw new KosmoError('internal', `The manifest of ${integration} is missing.`);
  if (database !== ':memory:') makeFolderOf(database);
  return openLocalServer({ database, manifest: installed.reader, ...options });
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
