import type { Failure } from '../support/errors.ts';
import { Redactor } from '../support/redaction.ts';

/** A named set of credentials and settings of one integration. Its values never leave the call pipeline. */
export class Account {
  readonly integration: string;
  readonly name: string;
  /** Whether its calls go to the local server, in this process. */
  readonly local: boolean;
  readonly redactor: Redactor;
  readonly #values: ReadonlyMap<string, string>;

  /** @param secrets which of the fields must never be shown */
  constructor(
    integration: string,
    name: string,
    values: ReadonlyMap<string, string>,
    secrets: readonly string[],
    local: boolean,
  ) {
    this.integration = integration;
    this.name = name;
    this.local = local;
    this.#values = values;
    this.redactor = new Redactor(secrets.map((field) => values.get(field) ?? ''));
  }

  /** A field's value; undefined when the account does not have it. */
  value(field: string): string | undefined {
    return this.#values.get(field);
  }

  /** The value of the first of these fields that the account has. */
  firstOf(fields: readonly string[]): string | undefined {
    for (const field of fields) {
      const value = this.#values.get(field);
      if (value !== undefined) return value;
    }
    return undefined;
  }
}

/** Where accounts come from. */
export interface AccountSource {
  /** The names of an integration's accounts, the default one first when there is one. */
  names(integration: string): readonly string[];
  /** The account of that name, or why there is none. */
  get(integration: string, name: string): Account | Failure;
}

export const defaultAccountName = 'default';
