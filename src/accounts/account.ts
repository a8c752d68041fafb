import { localPolicy, type Policy } from '../policy/index.ts';
import { type Failure, failureOf } from '../support/errors.ts';
import { Redactor } from '../support/redaction.ts';

/**
 * Where a value comes from: the encrypted credentials, the settings, a command's output, the environment, the field's
 * default, or a token server.
 */
export type Origin = 'credentials' | 'settings' | 'command' | 'environment' | 'default' | 'token_server';

/** A field's value, or how to get it. */
export type ValueSource = {
  readonly origin: Origin;
  /** Whether it must never be shown. */
  readonly secret: boolean;
} & (
  | { readonly value: string }
  /**
   * Throws a KosmoError when there is no getting it. `lasting`: what it gave once holds for the whole run; what does
   * not last can be asked for in place of a value that was refused.
   */
  | { readonly lasting: boolean; load(refused?: string): Promise<string> }
);

/** A named set of credentials and settings of one integration. Its values never leave the call pipeline. */
export class Account {
  readonly integration: string;
  readonly name: string;
  /** Whether its calls go to the local server, in this process. */
  readonly local: boolean;
  readonly policy: Policy;
  readonly #sources: ReadonlyMap<string, ValueSource>;
  readonly #values = new Map<string, string>();
  readonly #loads = new Map<string, Promise<string>>();
  readonly #secrets = new Set<string>();
  #redactor: Redactor;

  constructor(
    integration: string,
    name: string,
    about: { readonly local: boolean; readonly policy: Policy },
    sources: ReadonlyMap<string, ValueSource>,
  ) {
    this.integration = integration;
    this.name = name;
    this.local = about.local;
    this.policy = about.policy;
    this.#sources = sources;
    for (const [field, source] of sources) if ('value' in source) this.#keep(field, source, source.value);
    this.#redactor = new Redactor(this.#secrets);
  }

  /** The account of the server in this process. Its key is printed in its documentation: there is nothing to hide. */
  static localOf(integration: string, name: string, values: Readonly<Record<string, string>>): Account {
    const sources = Object.entries(values).map(
      ([field, value]) => [field, { origin: 'default', secret: false, value }] as const,
    );
    return new Account(integration, name, { local: true, policy: localPolicy }, new Map(sources));
  }

  /** Takes out of text what must not be shown: every secret that has been opened so far. */
  get redactor(): Redactor {
    return this.#redactor;
  }

  /** Whether the account has the field, opened or not. */
  has(field: string): boolean {
    return this.#sources.has(field);
  }

  /** An opened field's value; undefined when the account does not have it. */
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

  /**
   * Makes fields ready to be read: secrets are decrypted, commands run, tokens renewed, each only when first needed.
   * @returns why one of them cannot be had, or null
   */
  async open(fields: Iterable<string>): Promise<Failure | null> {
    for (const field of fields) {
      const source = this.#sources.get(field);
      if (source === undefined || 'value' in source) continue;
      if (source.lasting && this.#values.has(field)) continue;
      try {
        const value = await this.#load(field, source);
        if (this.#values.get(field) !== value) this.#keep(field, source, value);
      } catch (error) {
        return failureOf(error);
      }
    }
    return null;
  }

  /**
   * Gets another value for a field whose value an API refused: a token may be taken back before its time.
   * @returns whether there is another
   */
  async renew(field: string): Promise<boolean> {
    const source = this.#sources.get(field);
    const refused = this.#values.get(field);
    if (source === undefined || 'value' in source || source.lasting || refused === undefined) return false;
    try {
      const value = await source.load(refused);
      if (value !== refused) this.#keep(field, source, value);
      return value !== refused;
    } catch {
      // The refusal itself says more to whoever called.
      return false;
    }
  }

  /** Has a value that a caller brought with a call taken out of whatever is shown. */
  conceal(secret: string): void {
    if (this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    this.#redactor = new Redactor(this.#secrets);
  }

  /** Calls under way at once share one attempt; one that failed is not repeated for what lasts. */
  #load(field: string, source: Extract<ValueSource, { load(): unknown }>): Promise<string> {
    const known = this.#loads.get(field);
    if (known !== undefined) return known;
    const load = source.load();
    this.#loads.set(field, load);
    if (!source.lasting) {
      const forget = () => this.#loads.delete(field);
      load.then(forget, forget);
    }
    return load;
  }

  #keep(field: string, source: ValueSource, value: string): void {
    this.#values.set(field, value);
    if (source.secret) this.conceal(value);
  }
}

/** Where accounts come from. */
export interface AccountSource {
  /** The names of an integration's accounts, the default one first when there is one. */
  names(integration: string): readonly string[];
  /** The account of that name, or why there is none. */
  get(integration: string, name: string): Promise<Account | Failure>;
}

export const defaultAccountName = 'default';
