import { randomUUID } from 'node:crypto';
import {
  type AddClientAuthentication,
  AuthorizationServerMismatchError,
  createPrivateKeyJwtAuth,
  type OAuthClientInformationContext,
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
  /** For a client that is let in itself. */
  readonly prepareTokenRequest?: (scope?: string) => URLSearchParams;
  readonly addClientAuthentication?: AddClientAuthentication;
  #verifier = '';

  /** @param redirect is given the page where a person signs in; null where nobody can */
  constructor(signIn: SignIn, settings: OAuthClient, redirect: ((url: URL) => void) | null) {
    this.signIn = signIn;
    this.#settings = settings;
    this.#redirect = redirect;
    // A client id that is a URL is a document about the client; servers that know none have it registered.
    const { clientId, privateKey, algorithm = 'RS256' } = settings;
    if (clientId?.startsWith('https://') === true) this.clientMetadataUrl = clientId;
    if (settings.grant === undefined) return;
    this.prepareTokenRequest = (scope) =>
      new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
    if (privateKey === undefined || clientId === undefined) return;
    const named = { issuer: clientId, subject: clientId };
    this.addClientAuthentication = createPrivateKeyJwtAuth({ ...named, privateKey, alg: algorithm });
  }

  /** None where nobody comes back. */
  get redirectUrl(): string | undefined {
    if (this.#settings.grant !== undefined) return undefined;
    return `http://127.0.0.1:${this.signIn.port ?? 0}/callback`;
  }

  get clientMetadata(): OAuthClientMetadata {
    const { clientSecret, privateKey, grant, scope } = this.#settings;
    const { redirectUrl } = this;
    const method = clientSecret === undefined ? 'none' : 'client_secret_basic';
    return {
      client_name: 'kosmo',
      redirect_uris: redirectUrl === undefined ? [] : [redirectUrl],
      grant_types: grant === undefined ? ['authorization_code', 'refresh_token'] : [grant],
      ...(grant === undefined ? { response_types: ['code'] } : {}),
      token_endpoint_auth_method: privateKey === undefined ? method : 'private_key_jwt',
      ...(scope === undefined ? {} : { scope }),
    };
  }

  state(): string {
    return this.#state;
  }

  clientInformation(found?: OAuthClientInformationContext): StoredOAuthClientInformation | undefined {
    const { grant, clientId, clientSecret, issuer: named } = this.#settings;
    const known = this.signIn.client?.issuer;
    const own = named ?? (grant === undefined ? undefined : known);
    // The server says which authorization server is its own; a secret is not sent to whomever it names.
    if (own !== undefined && found !== undefined && !isSame(own, found.issuer))
      throw new AuthorizationServerMismatchError(own, found.issuer);
    if (clientId === undefined || this.clientMetadataUrl !== undefined) return this.signIn.client;
    const issuer = named ?? known ?? found?.issuer;
    if (issuer === undefined) return undefined;
    if (known === undefined) this.signIn.client = { client_id: clientId, issuer };
    return {
      client_id: clientId,
      ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
      issuer,
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

/** With and without a slash at its end an issuer is the same one. */
function isSame(issuer: string, other: string): boolean {
  return issuer.replace(/\/$/, '') === other.replace(/\/$/, '');
}
