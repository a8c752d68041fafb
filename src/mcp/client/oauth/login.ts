import {
  auth,
  extractWWWAuthenticateParams,
  OAuthClientFlowError,
  OAuthError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { KosmoError } from '../../../support/errors.ts';
import type { OAuthClient } from '../../config/server-config.ts';
import { askedFor, tokenOfClient } from './client-grant.ts';
import { type Callback, Loopback } from './loopback.ts';
import { SignInProvider } from './provider.ts';
import type { SignInStore } from './store.ts';

export interface Login {
  readonly server: string;
  readonly url: string;
  readonly settings: OAuthClient;
  readonly store: SignInStore;
  /** Shows a person the page to sign in on. */
  readonly show: (page: URL) => void;
  /** What a person brings back by hand: the address the browser ended at, or the code in it. Null where nobody can. */
  readonly paste: (() => Promise<string>) | null;
  /** How long a person may take, in milliseconds. */
  readonly patience: number;
}

/**
 * Signs in to a server with OAuth 2.1: finds its authorization server, makes kosmo known there where it is not, has a
 * person sign in on a page, and keeps the tokens that come of it.
 * @throws KosmoError `token_refused`, `network_error`, `time_limit`
 */
export async function login(options: Login): Promise<void> {
  const { url, settings, store } = options;
  if (settings.grant !== undefined) return letInAsClient(options);
  const kept = await store.read();
  const loopback = await Loopback.open(settings.port ?? kept.port ?? 0);
  try {
    const challenge = await challengeOf(url);
    const { port } = loopback;
    // A client is registered with the address it is sent back to.
    const same = kept.port === port && !isReplaced(kept.client?.client_id, settings.clientId);
    const client = same && kept.client !== undefined ? { client: kept.client } : {};
    let page: URL | null = null;
    const provider = new SignInProvider({ url, port, ...client }, settings, (shown) => {
      page = shown;
    });
    const common = askedFor(kept, settings, challenge);
    await auth(provider, common);
    if (page !== null) {
      options.show(page);
      const { code, iss } = readCallback(await answered(options, loopback), provider.state());
      await auth(provider, { ...common, authorizationCode: code, ...(iss === null ? {} : { iss }) });
    }
    await store.lock(() => store.write(provider.signIn));
  } catch (error) {
    throw explained(options.server, error);
  } finally {
    loopback.close();
  }
}

/** A client that is let in itself needs nobody: this only finds out whether it is. */
async function letInAsClient({ server, url, settings, store }: Login): Promise<void> {
  try {
    const challenge = await challengeOf(url);
    await store.lock(async () => {
      const { wanted } = await store.read();
      const kept = { url, ...(wanted === undefined ? {} : { wanted }) };
      await store.write(await tokenOfClient(kept, settings, challenge));
    });
  } catch (error) {
    throw explained(server, error);
  }
}

/** Whether a client that was registered before gives way to one that is a document. */
function isReplaced(kept: string | undefined, wanted: string | undefined): boolean {
  return wanted?.startsWith('https://') === true && kept !== wanted;
}

/** What the server says of where to sign in, when it is asked without a token. */
async function challengeOf(url: string): Promise<ReturnType<typeof extractWWWAuthenticateParams>> {
  const response = await fetch(url, {
    // As a call would be: some servers let anybody ask with GET.
    method: 'POST',
    headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    signal: AbortSignal.timeout(15_000),
  });
  await response.body?.cancel();
  return response.status === 401 ? extractWWWAuthenticateParams(response) : {};
}

async function answered({ paste, patience, server }: Login, loopback: Loopback): Promise<Callback> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new KosmoError('time_limit', `Nobody signed in to ${server} within ${patience / 60_000} minutes.`, {
          hint: `kosmo mcp:login ${server} begins anew.`,
        }),
      );
    }, patience);
  });
  const ways = [loopback.callback(), late];
  if (paste !== null) ways.push(paste().then(readPasted));
  try {
    return await Promise.race(ways);
  } finally {
    clearTimeout(timer);
  }
}

/** The whole address, its query, or the code alone. */
function readPasted(text: string): Callback {
  const given = text.trim();
  if (given === '') throw new KosmoError('interrupted', 'Nothing was pasted. Nothing was changed.');
  if (URL.canParse(given)) return new URL(given).searchParams;
  return given.includes('code=') ? new URLSearchParams(given) : new URLSearchParams({ code: given });
}

function readCallback(callback: Callback, state: string): { code: string; iss: string | null } {
  const error = callback.get('error');
  if (error !== null) throw new OAuthError(error, callback.get('error_description') ?? '');
  const code = callback.get('code');
  const returned = callback.get('state');
  // A code that was pasted alone has none; that it was asked for here is shown by the code's own proof (PKCE).
  if (code === null || (returned !== null && returned !== state)) {
    throw new KosmoError(
      'token_refused',
      'What came back is no answer to this sign-in. Nothing was changed.',
      {
        hint: 'Begin anew, and paste the address that the browser ended at.',
      },
    );
  }
  return { code, iss: callback.get('iss') };
}

function explained(server: string, error: unknown): unknown {
  if (error instanceof KosmoError) return error;
  const said = plain(error instanceof Error ? error.message : String(error));
  const details = { server };
  if (
    error instanceof OAuthError ||
    error instanceof OAuthClientFlowError ||
    error instanceof UnauthorizedError
  ) {
    const code = error instanceof OAuthError ? `${error.code}${said === '' ? '' : `: ${said}`}` : said;
    return new KosmoError('token_refused', `You were not signed in to ${server}: ${code}.`, {
      hint: `kosmo mcp:login ${server} begins anew.`,
      details,
      cause: error,
    });
  }
  return new KosmoError('network_error', `Cannot sign in to ${server}: ${said}.`, {
    hint: 'Check its URL, and that it is running.',
    details,
    cause: error,
  });
}

/** An error page that came in place of an answer says nothing but its status. */
function plain(message: string): string {
  return message.replace(/:?\s*<!doctype[\s\S]*/i, '').replace(/[.\s]+$/, '');
}
