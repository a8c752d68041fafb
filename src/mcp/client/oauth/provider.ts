import { randomUUID } from 'node:crypto';
import {
  type OAuthClientMetadata,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import type { OAuthClient } from '../../config/server-config.ts';
import type { SignIn } from './store.ts';

/** How the protocol's library signs in: with what is kept, which it changes as it goes. */
export class SignInProvider implements OAuthClientProvider {
  readonly signIn: SignIn;
  readonly #settings: OAuthClient;
  readonly #state = randomUUID();
  readonly #redirect: ((url: URL) => void) | null;
  readonly clientMetadataUrl?: string;
  #verifier = '';

  /** @param redirect is given the page where a person signs in; null where nobody can */
  constructor(signIn: SignIn, settings: OAuthClient, redirect: ((url: URL) => void) | null) {
    this.signIn = signIn;
    this.#settings = settings;
    this.#redirect = redirect;
    // A client id that is a URL is a document about the client; servers that know none have it registered.
    const { clientId } = settings;
    if (clientId?.startsWith('https://') === true) this.clientMetadataUrl = clientId;
  }

  get redirectUrl(): string {
    return `http://127.0.0.1:${this.signIn.port ?? 0}/callback`;
  }

  get clientMetadata(): OAuthClientMetadata {
    const { clientSecret, scope } = this.#settings;
    return {
      client_name: 'kosmo',
      redirect_uris: [this.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: clientSecret === undefined ? 'none' : 'client_secret_basic',
      ...(scope === undefined ? {} : { scope }),
    };
  }

  state(): string {
    return this.#state;
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    const { clientId, clientSecret } = this.#settings;
    if (clientId === undefined || this.clientMetadataUrl !== undefined) return this.signIn.client;
    return {
      client_id: clientId,
      ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
      ...(this.signIn.client?.issuer === undefined ? {} : { issuer: this.signIn.client.issuer }),
    };
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.signIn.client = client;
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.signIn.tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    // A server that gives no new refresh token leaves the old one as it is.
    const refresh = tokens.refresh_token ?? this.signIn.tokens?.refresh_token;
    this.signIn.tokens = refresh === undefined ? tokens : { ...tokens, refresh_token: refresh };
    if (tokens.expires_in === undefined) delete this.signIn.expires;
    else this.signIn.expires = Date.now() + tokens.expires_in * 1000;
  }

  redirectToAuthorization(url: URL): void {
    if (this.#redirect === null) throw new UnauthorizedError('Nobody is there to sign in.');
    this.#redirect(url);
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.signIn.discovery = state;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.signIn.discovery;
  }

  invalidateCredentials(scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (scope === 'all' || scope === 'client') delete this.signIn.client;
    if (scope === 'all' || scope === 'tokens') delete this.signIn.tokens;
    if (scope === 'all' || scope === 'discovery') delete this.signIn.discovery;
  }
}
