import { auth, extractWWWAuthenticateParams, UnauthorizedError } from '@modelcontextprotocol/client';
import type { OAuthClient } from '../../config/server-config.ts';
import type { Concealed } from '../concealed.ts';
import type { Session } from '../connection.ts';
import { type Challenge, ofClient, tokenOfClient } from './client-grant.ts';
import { SignInProvider } from './provider.ts';
import type { SignIn, SignInStore } from './store.ts';

/** A token is renewed this long before it ends, in milliseconds: it still has to travel. One that holds shortly: halfway. */
const margin = 30_000;

/** The tokens of a run: those of the last sign-in, or of the client itself; they are renewed by one process at a time. */
export class OAuthSession implements Session {
  readonly #store: SignInStore;
  readonly #url: string;
  readonly #settings: OAuthClient;
  readonly #concealed: Concealed;
  #current: SignIn | null = null;

  constructor(store: SignInStore, url: string, settings: OAuthClient, concealed: Concealed) {
    this.#store = store;
    this.#url = url;
    this.#settings = settings;
    this.#concealed = concealed;
  }

  async token(): Promise<string | undefined> {
    this.#current ??= await this.#read();
    const { tokens, expires = Number.POSITIVE_INFINITY } = this.#current;
    if (tokens === undefined) return undefined;
    const early = Math.min(margin, (tokens.expires_in ?? Number.POSITIVE_INFINITY) * 500);
    if (expires - early < Date.now() && (tokens.refresh_token !== undefined || this.#isClient))
      await this.#renew(tokens.access_token, {});
    return this.#known();
  }

  /** The server does not take the token that it was sent, or wants one. */
  async onUnauthorized({ response }: { readonly response: Response }): Promise<void> {
    const refused = this.#current?.tokens?.access_token;
    if (refused === undefined && !this.#isClient) throw new UnauthorizedError('Nobody has signed in.');
    await this.#renew(refused, extractWWWAuthenticateParams(response));
  }

  /** Has the next sign-in ask for these scopes, beside those that were given. */
  async widen(scope: string): Promise<void> {
    await this.#store.lock(async () => {
      const kept = await this.#read();
      const all = [kept.wanted ?? kept.tokens?.scope ?? '', scope].join(' ').split(' ');
      const wanted = [...new Set(all.filter((part) => part !== ''))].join(' ');
      // A client needs nobody's leave: its next token is asked for with them.
      const { tokens: _, ...rest } = kept;
      await this.#store.write(this.#isClient ? { ...rest, wanted } : { ...kept, wanted });
      if (this.#isClient) this.#current = null;
    });
  }

  get #isClient(): boolean {
    return this.#settings.grant !== undefined;
  }

  async #read(): Promise<SignIn> {
    return ofClient(await this.#store.read(), this.#settings);
  }

  async #renew(refused: string | undefined, challenge: Challenge): Promise<void> {
    this.#current = await this.#store.lock(async () => {
      const kept = await this.#read();
      // Another process may have renewed it while this one waited.
      if (kept.tokens !== undefined && kept.tokens.access_token !== refused) return kept;
      if (this.#isClient) {
        const signIn = await tokenOfClient(kept, this.#settings, challenge);
        await this.#store.write(signIn);
        return signIn;
      }
      if (kept.tokens?.refresh_token === undefined) throw new UnauthorizedError('The sign-in has ended.');
      const provider = new SignInProvider(kept, this.#settings, null);
      try {
        await auth(provider, { serverUrl: this.#url });
      } finally {
        // A refresh token that was refused is kept no longer.
        await this.#store.write(provider.signIn);
      }
      return provider.signIn;
    });
  }

  #known(): string | undefined {
    const { tokens } = this.#current ?? {};
    if (tokens === undefined) return undefined;
    this.#concealed.add(tokens.access_token);
    if (tokens.refresh_token !== undefined) this.#concealed.add(tokens.refresh_token);
    return tokens.access_token;
  }
}
