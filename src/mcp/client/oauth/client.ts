import { type Failure, failure } from '../../../support/errors.ts';
import type { OAuthClient } from '../../config/server-config.ts';

/** The variable that names a document about kosmo as a client, for every server that has no client of its own. */
const variable = 'KOSMO_MCP_CLIENT_METADATA';

/** The client that kosmo is to a server: the configuration's own, else the one whose document the environment names. */
export function oauthClientOf(
  configured: OAuthClient | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): OAuthClient | Failure {
  const document = environment[variable] ?? '';
  if (configured?.clientId !== undefined || document === '') return configured ?? {};
  if (!isDocument(document)) {
    return failure('not_configured', `${variable} is no https URL with a path: ${document}`, {
      hint: 'It is where the client id metadata document lies: https://example.com/kosmo.json',
    });
  }
  return { ...configured, clientId: document };
}

function isDocument(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname } = new URL(text);
  return protocol === 'https:' && pathname !== '/';
}
