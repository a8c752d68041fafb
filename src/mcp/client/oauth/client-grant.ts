import { auth } from '@modelcontextprotocol/client';
import type { OAuthClient } from '../../config/server-config.ts';
import { SignInProvider } from './provider.ts';
import type { SignIn } from './store.ts';

/** What a server said of where a token comes from. */
export interface Challenge {
  readonly resourceMetadataUrl?: URL;
  readonly scope?: string;
}

/** What a token is asked for with: the scopes of the configuration, else those found to be needed, else the server's. */
export function askedFor(kept: SignIn, settings: OAuthClient, { resourceMetadataUrl, ...said }: Challenge) {
  const scope = settings.scope ?? kept.wanted ?? said.scope;
  return {
    serverUrl: kept.url,
    ...(scope === undefined ? {} : { scope }),
    ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }),
  };
}

/**
 * Gets a token for a client that is let in itself, without a person.
 * @param kept what is known of the server from before
 * @returns what is to be kept
 * @throws whatever the protocol's library does when there is no token
 */
export async function tokenOfClient(
  kept: SignIn,
  settings: OAuthClient,
  challenge: Challenge,
): Promise<SignIn> {
  const provider = new SignInProvider({ ...kept }, settings, null);
  await auth(provider, askedFor(kept, settings, challenge));
  const { clientId } = settings;
  return { ...provider.signIn, ...(clientId === undefined ? {} : { holder: clientId }) };
}

/** What is kept, without tokens that another client was given, or a person. */
export function ofClient(kept: SignIn, { grant, clientId }: OAuthClient): SignIn {
  const holder = grant === undefined ? undefined : clientId;
  return kept.holder === holder ? kept : { url: kept.url };
}
