import { didYouMean, type Integration, nearestNames } from '../catalog/index.ts';
import type { AccountField, Effect } from '../manifest/index.ts';
import { applies, normalizePattern, type Verdict } from '../policy/index.ts';
import { KosmoError } from '../support/errors.ts';
import { destinations } from './accounts.ts';
import { isOneLine } from './command-output.ts';

/** What a field is to have. */
export type NewValue =
  | { readonly kind: 'value'; readonly value: string }
  /** The output of a command. */
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'nothing' };

/** Changes to one account; what is not in it stays. */
export interface AccountChange {
  readonly values: ReadonlyMap<string, NewValue>;
  /** Null: as for an account nobody has set a policy for. */
  readonly effects: Readonly<Partial<Record<Effect, Verdict | null>>>;
  /** Pattern → verdict; null takes the rule back. */
  readonly rules: ReadonlyMap<string, Verdict | null>;
  /** Whether `--force` counts. */
  readonly force?: boolean;
  /** Of the whole integration. */
  readonly enabled?: boolean;
}

/** The account's field of that name, with `-` and `_` the same. @throws KosmoError `usage` */
export function fieldOf(integration: Integration, name: string): AccountField {
  const { fields } = integration.reader.index;
  const field = fields.find((entry) => entry.name === name.toLowerCase().replaceAll('-', '_'));
  if (field !== undefined) return field;
  const names = fields.map((entry) => entry.name);
  throw new KosmoError(
    'usage',
    `An account of ${integration.name} has no ${name}.${didYouMean(nearestNames(name, names))}`,
    { hint: `It takes ${names.join(', ')}; kosmo integrations:fields ${integration.name} says more.` },
  );
}

/** Refuses a value that cannot be the field's. The message does not show it: it may be a secret. */
export function checkValue(field: AccountField, value: string): void {
  const refuse = (reason: string) => {
    throw new KosmoError('usage', `${field.name}: ${reason}.`, { hint: 'Nothing was changed.' });
  };
  if (value === '') refuse('the value is empty');
  if (!isOneLine(value)) refuse('a value is one line, without control characters');
  if (destinations.has(field.name) && !(URL.canParse(value) && /^https?:/.test(value))) {
    refuse('a URL that begins with https:// or http:// is expected');
  }
}

/** A pattern as it is kept; one that fits nothing is a slip that somebody might rely on. */
export function checkPattern(integration: Integration, pattern: string): string {
  const normalized = normalizePattern(pattern);
  const { operations } = integration.reader.index;
  if (operations.some((entry) => applies(normalized, { integration: integration.name, ...entry }))) {
    return normalized;
  }
  const name = normalized.slice(normalized.indexOf('.') + 1);
  const nearest = name.includes('*') ? [] : integration.nearest(name);
  throw new KosmoError('usage', `No function of ${integration.name} fits ${pattern}.${didYouMean(nearest)}`, {
    hint: 'A pattern is a name, or a part of one with * for the rest: list_*, workos.delete_organization.',
  });
}
