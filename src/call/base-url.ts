import type { Account } from '../accounts/index.ts';
import type { Operation } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';

/** Where the API is, by the account, the operation or the document; the account fills the URL's variables. */
export function baseOf(operation: Operation, account: Account, defaultUrl: string): string | Failure {
  const written = account.value('url') ?? operation.baseUrl ?? defaultUrl;
  const missing: string[] = [];
  const base = written.replace(/\{([a-z0-9_]+)\}/g, (variable, field: string) => {
    const value = account.value(field);
    if (value === undefined) missing.push(field);
    return value ?? variable;
  });
  const [field] = missing;
  if (field === undefined) return base.replace(/\/+$/, '');
  return failure(
    'not_configured',
    `The account ${account.name} of ${account.integration} has no ${field}, which the API’s URL ${written} needs.`,
    { details: { integration: account.integration, account: account.name, field } },
  );
}

/** The account's fields that the URL is made of. */
export function urlFields(...urls: readonly (string | null)[]): string[] {
  return urls.flatMap((url) => [...(url ?? '').matchAll(/\{([a-z0-9_]+)\}/g)].map(([, field = '']) => field));
}
