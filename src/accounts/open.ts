import type { Catalog } from '../catalog/index.ts';
import { Home } from '../home/index.ts';
import { Accounts, type LocalAccount } from './accounts.ts';
import { Keys } from './keys.ts';
import { SettingsReader } from './settings-reader.ts';
import type { TokenTransport } from './token-server.ts';
import type { Environment } from './variables.ts';
import { Vault } from './vault.ts';

/** A home's accounts, with the files they are kept in. */
export interface OpenAccounts {
  readonly home: Home;
  readonly settings: SettingsReader;
  readonly vault: Vault;
  readonly accounts: Accounts;
}

/** Puts a home's accounts together. Nothing is read before it is needed. */
export function openAccounts(parts: {
  readonly catalog: Catalog;
  readonly environment: Environment;
  readonly locals: readonly LocalAccount[];
  /** The path of the home. */
  readonly home: string;
  readonly tokens: TokenTransport;
}): OpenAccounts {
  const home = new Home(parts.home);
  const settings = new SettingsReader(home);
  const vault = new Vault(home, new Keys(home, parts.environment));
  return { home, settings, vault, accounts: new Accounts({ ...parts, home, settings, vault }) };
}
