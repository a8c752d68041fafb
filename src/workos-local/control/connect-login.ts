import { KosmoError } from '../../support/errors.ts';
import type { Environment } from '../kit/environments.ts';
import type { PageHost } from '../pages/host.ts';
import { setLoginUri } from '../resources/connect-oauth/requests.table.ts';

/**
 * Sets where users of Connect applications sign in, which WorkOS has in its dashboard: at a page of the application,
 * or by null on the hosted pages.
 *
 * @throws KosmoError `usage` when the URI is no web address
 */
export function setConnectLoginUri(
  host: PageHost,
  environment: Environment,
  uri: string | null,
): { login_uri: string | null } {
  const isWeb = uri === null || (URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol));
  if (!isWeb) throw new KosmoError('usage', `A login URI is an http or https address, not ${uri}.`);
  setLoginUri(host.database, environment.id, uri);
  return { login_uri: uri };
}
