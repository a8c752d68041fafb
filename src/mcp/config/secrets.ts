import type { Home } from '../../home/index.ts';
import { KosmoError } from '../../support/errors.ts';

/** Where secrets are kept encrypted: an owner's, by name. */
export interface SecretVault {
  names(owner: string): readonly string[];
  open(owner: string, name: string): Promise<string | null>;
  /** Null takes a secret out. Whoever calls it holds the home's lock. */
  change(owner: string, changes: ReadonlyMap<string, string | null>): Promise<void>;
}

const owner = 'mcp/secrets';

/** Secrets for the configuration of MCP servers, `${secret:NAME}`: encrypted as credentials are, and never shown. */
export class McpSecrets {
  readonly #home: Home;
  readonly #vault: SecretVault;

  constructor(home: Home, vault: SecretVault) {
    this.#home = home;
    this.#vault = vault;
  }

  names(): readonly string[] {
    return this.#vault.names(owner);
  }

  /**
   * A secret in the clear; null when there is none of that name.
   * @throws KosmoError `credentials_locked`, `settings_invalid`
   */
  open(name: string): Promise<string | null> {
    return this.#vault.open(owner, name);
  }

  /** @throws KosmoError `usage` for a name that could not be written in a configuration */
  async set(name: string, value: string): Promise<void> {
    if (!/^[\w.-]+$/.test(name))
      throw new KosmoError('usage', `${name} cannot be the name of a secret: letters, digits, - and _ can.`);
    await this.#home.lock(() => this.#vault.change(owner, new Map([[name, value]])));
  }

  /** @returns whether there was one */
  async remove(name: string): Promise<boolean> {
    return this.#home.lock(async () => {
      const known = this.names().includes(name);
      await this.#vault.change(owner, new Map([[name, null]]));
      return known;
    });
  }
}
