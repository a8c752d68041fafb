import { createHash } from 'node:crypto';
import type { Home } from '../home/index.ts';
import { KosmoError } from '../support/errors.ts';
import { isJsonObject } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import { Redactor } from '../support/redaction.ts';
import type { Vault } from './vault.ts';

/** Sends a request to a token server; throws a KosmoError when there is no answer. */
export type TokenTransport = (
  request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  },
  signal: AbortSignal,
) => Promise<{
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}>;

/** What an account holds to get access tokens with. Without a refresh token it is the client that signs in. */
export interface Grant {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly refreshToken: string | undefined;
  readonly scope: string | undefined;
}

/** Tokens as they are kept, encrypted like every credential. */
interface Tokens {
  /** The grant they came from, so that they are not used once it is another. */
  readonly from: string;
  readonly accessToken: string;
  /** The newest; servers may give a new one with every access token and take the old one back. */
  readonly refreshToken: string | null;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Whose tokens they are, for messages. */
export interface Whose {
  readonly account: string;
  /** The command that configures the account. */
  readonly configure: string;
}

/** A token is renewed this long before it expires, in milliseconds: it still has to travel. */
const margin = 30_000;
/** How long a token holds whose server does not say, in milliseconds. */
const unsaid = 300_000;
/** How long a token server may take, in milliseconds. Others wait meanwhile. */
const patience = 10_000;

const secretName = 'tokens';

/**
 * One account's access tokens, by OAuth 2.0 client credentials or a refresh token (RFC 6749, 4.4 and 6). They are kept
 * between runs and renewed by one process at a time, so that a refresh token that may be used once is used once.
 */
export class TokenServer {
  readonly #home: Home;
  readonly #vault: Vault;
  readonly #owner: string;
  readonly #whose: Whose;
  readonly #transport: TokenTransport;
  #tokens: Tokens | null = null;

  /** @param owner whose secret the tokens are in the vault */
  constructor(home: Home, vault: Vault, owner: string, whose: Whose, transport: TokenTransport) {
    this.#home = home;
    this.#vault = vault;
    this.#owner = owner;
    this.#whose = whose;
    this.#transport = transport;
  }

  /**
   * A token that holds for a while.
   * @param refused a token that an API did not take, so that another one is wanted
   * @throws KosmoError `token_refused`, `network_error`, `credentials_locked`, `home_unusable`
   */
  async accessToken(grant: Grant, refused?: string): Promise<string> {
    const from = fingerprint(grant);
    this.#tokens = fresh(this.#tokens, from, refused) ?? fresh(await this.#kept(), from, refused);
    if (this.#tokens !== null) return this.#tokens.accessToken;
    try {
      this.#tokens = await this.#home.lock(async () => {
        // Another process may have renewed them while this one waited.
        const kept = await this.#kept();
        return fresh(kept, from, refused) ?? (await this.#renew(grant, from, kept));
      });
    } catch (error) {
      // A client can sign in as often as it likes; what cannot be kept holds for this run.
      const unusable = error instanceof KosmoError && error.failure.code === 'home_unusable';
      if (!unusable || grant.refreshToken !== undefined) throw error;
      this.#tokens = await this.#request(grant, from, null);
    }
    return this.#tokens.accessToken;
  }

  async #renew(grant: Grant, from: string, kept: Tokens | null): Promise<Tokens> {
    const newest = kept?.from === from ? kept.refreshToken : null;
    const tokens = await this.#request(grant, from, newest);
    await this.#vault.change(this.#owner, new Map([[secretName, JSON.stringify(tokens)]]));
    return tokens;
  }

  async #request(grant: Grant, from: string, newest: string | null): Promise<Tokens> {
    const oauth = await import('oauth4webapi');
    const refreshToken = newest ?? grant.refreshToken ?? null;
    const server = { issuer: new URL(grant.tokenUrl).origin, token_endpoint: grant.tokenUrl };
    const client = { client_id: grant.clientId };
    const proof =
      grant.clientSecret === undefined ? oauth.None() : oauth.ClientSecretBasic(grant.clientSecret);
    const scope: Record<string, string> = grant.scope === undefined ? {} : { scope: grant.scope };
    const options = {
      additionalParameters: scope,
      signal: () => AbortSignal.timeout(patience),
      // The account's URL decides; a token server on this machine has no certificate.
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: (
        url: string,
        init: { method: string; headers: object; body?: unknown; signal?: AbortSignal },
      ) => this.#fetch(url, init),
    };
    try {
      if (refreshToken === null) {
        const response = await oauth.clientCredentialsGrantRequest(server, client, proof, scope, options);
        const answer = await oauth.processClientCredentialsResponse(server, client, response);
        return tokensOf(from, answer, null);
      }
      const response = await oauth.refreshTokenGrantRequest(server, client, proof, refreshToken, options);
      const answer = await oauth.processRefreshTokenResponse(server, client, response);
      return tokensOf(from, answer, refreshToken);
    } catch (error) {
      if (error instanceof KosmoError) throw error;
      throw this.#refused(grant, refreshToken, error, oauth.ResponseBodyError);
    }
  }

  async #fetch(
    url: string,
    init: { method: string; headers: object; body?: unknown; signal?: AbortSignal },
  ): Promise<Response> {
    const { method, signal } = init;
    const headers = Object.fromEntries(new Headers(Object.entries(init.headers)));
    const answer = await this.#transport(
      { method, url, headers, body: String(init.body) },
      signal ?? AbortSignal.timeout(patience),
    );
    const body = parseJson(answer.body);
    // Who the user is is of no account here, and checking it would take the server's own keys.
    const { id_token: _, ...rest } = isJsonObject(body) ? body : {};
    const text = isJsonObject(body) ? JSON.stringify(rest) : answer.body;
    return new Response(text, {
      status: answer.status,
      headers: { ...answer.headers, 'content-length': '' },
    });
  }

  #refused(
    grant: Grant,
    refreshToken: string | null,
    error: unknown,
    bodyError: new (...args: never[]) => Error,
  ): KosmoError {
    const secrets = [grant.clientSecret, grant.refreshToken, refreshToken].filter(
      (secret) => typeof secret === 'string',
    );
    const said =
      error instanceof bodyError && 'error' in error ? wordsOf(error) : 'its answer is not a token’s';
    const what = refreshToken === null ? 'client credentials' : 'refresh token';
    const { origin } = new URL(grant.tokenUrl);
    return new KosmoError(
      'token_refused',
      new Redactor(secrets).text(
        `The token server ${origin} did not take the ${what} of the account ${this.#whose.account}: ${said}.`,
      ),
      {
        hint: `Configure new ones: ${this.#whose.configure}`,
        details: { account: this.#whose.account, url: origin },
        cause: error,
      },
    );
  }

  async #kept(): Promise<Tokens | null> {
    const text = await this.#vault.open(this.#owner, secretName);
    const value = text === null ? undefined : parseJson(text);
    if (!isJsonObject(value)) return null;
    const { from, accessToken, refreshToken, expires } = value;
    if (typeof from !== 'string' || typeof accessToken !== 'string' || typeof expires !== 'number')
      return null;
    return {
      from,
      accessToken,
      refreshToken: typeof refreshToken === 'string' ? refreshToken : null,
      expires,
    };
  }
}

function fresh(tokens: Tokens | null, from: string, refused: string | undefined): Tokens | null {
  if (tokens === null || tokens.from !== from || tokens.accessToken === refused) return null;
  return tokens.expires - margin > Date.now() ? tokens : null;
}

function tokensOf(
  from: string,
  answer: { readonly access_token: string; readonly refresh_token?: string; readonly expires_in?: number },
  refreshToken: string | null,
): Tokens {
  const lasts = answer.expires_in === undefined ? unsaid : answer.expires_in * 1000;
  return {
    from,
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? refreshToken,
    expires: Date.now() + lasts,
  };
}

function wordsOf(error: object): string {
  const code = 'error' in error ? String(error.error) : '';
  const description = 'error_description' in error ? error.error_description : undefined;
  return typeof description === 'string' ? `${code} (${description})` : code;
}

function fingerprint({ tokenUrl, clientId, clientSecret, refreshToken, scope }: Grant): string {
  const parts = [tokenUrl, clientId, refreshToken === undefined ? clientSecret : refreshToken, scope];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
