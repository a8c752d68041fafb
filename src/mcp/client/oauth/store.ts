import type {
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import type { Home } from '../../../home/index.ts';
import { isJsonObject } from '../../../support/json.ts';
import { parseJson } from '../../../support/parse-json.ts';
import type { SecretVault } from '../../config/secrets.ts';

/** What is kept of a sign-in. */
export interface SignIn {
  /** The server it is for: its tokens are sent nowhere else. */
  readonly url: string;
  client?: StoredOAuthClientInformation;
  /** The client that was let in itself; absent where a person signed in. */
  holder?: string;
  tokens?: StoredOAuthTokens;
  /** When the access token ends, in milliseconds since 1970; absent when the server does not say. */
  expires?: number;
  discovery?: OAuthDiscoveryState;
  /** Scopes that a call turned out to need. */
  wanted?: string;
  /** The port that the browser came back to, which the client is registered with. */
  port?: number;
}

const name = 'sign-in';

/** The sign-in to one server, encrypted like every credential. */
export class SignInStore {
  readonly #home: Home;
  readonly #vault: SecretVault;
  readonly #owner: string;
  readonly #url: string;

  /** @param url as the server is reached: a sign-in for another URL is none for this one */
  constructor(home: Home, vault: SecretVault, server: string, url: string) {
    this.#home = home;
    this.#vault = vault;
    this.#owner = `mcp/oauth/${server}`;
    this.#url = url;
  }

  /** What is kept; empty when nobody has signed in there. */
  async read(): Promise<SignIn> {
    const text = await this.#vault.open(this.#owner, name);
    const value = text === null ? undefined : parseJson(text);
    if (!isJsonObject(value) || value['url'] !== this.#url) return { url: this.#url };
    // It comes from an encrypted file that only kosmo writes.
    return value as unknown as SignIn;
  }

  /** Keeps it. Whoever calls it holds the lock. */
  write(signIn: SignIn): Promise<void> {
    return this.#vault.change(this.#owner, new Map([[name, JSON.stringify(signIn)]]));
  }

  /** @returns whether there was one */
  async remove(): Promise<boolean> {
    return this.lock(async () => {
      const known = this.#vault.names(this.#owner).includes(name);
      await this.#vault.change(this.#owner, new Map([[name, null]]));
      return known;
    });
  }

  /** Runs work that no other process of this home does meanwhile: a refresh token may be used once. */
  lock<T>(work: () => Promise<T>): Promise<T> {
    return this.#home.lock(work);
  }
}
