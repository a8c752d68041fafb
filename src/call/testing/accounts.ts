import { join } from 'node:path';
import { type AccountSource, openAccounts } from '../../accounts/index.ts';
import type { Catalog } from '../../catalog/index.ts';

/** Accounts with no home of their own: what the environment says, and the local one. */
export function environmentAccounts(catalog: Catalog, environment: Record<string, string>): AccountSource {
  const values = { api_key: 'sk_test_localhost', url: 'http://localhost' };
  return openAccounts({
    catalog,
    environment,
    locals: [{ integration: 'workos', name: 'localhost', values }],
    home: join(import.meta.dirname, 'no such home'),
    tokens: () => Promise.reject(new Error('nobody asks for tokens')),
  }).accounts;
}
