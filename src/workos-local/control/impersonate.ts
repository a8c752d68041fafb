import { KosmoError } from '../../support/errors.ts';
import { minute } from '../kit/clock.ts';
import type { Context } from '../kit/context.ts';
import type { Environment } from '../kit/environments.ts';
import type { PageHost } from '../pages/host.ts';
import { newAuthorizationCode } from '../resources/authentication/authorization-codes.ts';
import { organizationsOf } from '../resources/authentication/sign-in.ts';
import { backTo } from '../resources/authorization-flows/authorize.ts';
import { redirectUrisOf } from '../resources/redirect-uris/redirect-uris.table.ts';
import { isRedirectAllowed } from '../resources/redirect-uris/redirect-uris.ts';
import { beginSession } from '../resources/sessions/session.ts';
import { type UserRow, userByEmail, userById } from '../resources/users/users.table.ts';
import { inEnvironment } from './in-environment.ts';

/** Who is to be somebody else, as a member of the team is in WorkOS's dashboard. */
export interface Impersonation {
  /** An id or an e-mail address. */
  readonly user: string;
  /** Why: events and sessions tell it. */
  readonly reason: string;
  /** Which of the user's organizations, by its id; it need not be said of somebody who has one at most. */
  readonly organization?: string;
  /** The e-mail address of who does it; `admin@localhost` unless said. */
  readonly impersonator?: string;
  /** Where the application takes its codes; the environment's default redirect URI unless said. */
  readonly redirect_uri?: string;
}

export interface Impersonated {
  /** Opened in a browser, it signs in to the application: its callback with an authorization code. */
  readonly url: string;
  readonly code: string;
  readonly session_id: string;
  /** ISO 8601. */
  readonly expires_at: string;
}

/** As WorkOS has it, however long other sessions last. */
const length = 60 * minute;

/**
 * Begins a session as somebody else, without anything they would have to show.
 *
 * @throws KosmoError `usage` without such a user, organization or redirect URI
 */
export function impersonate(host: PageHost, environment: Environment, asked: Impersonation): Impersonated {
  return inEnvironment(host, environment, (context) => {
    const user = asked.user.includes('@') ? userByEmail(context, asked.user) : userById(context, asked.user);
    if (user === null) throw new KosmoError('usage', `There is no user ${asked.user}.`);
    const redirectUri = redirectUriOf(context, asked.redirect_uri);
    const session = beginSession(context, {
      userId: user.id,
      organizationId: organizationOf(context, user, asked.organization),
      method: 'Impersonation',
      isPublic: false,
      device: { ipAddress: null, userAgent: null },
      impersonator: { email: asked.impersonator ?? 'admin@localhost', reason: asked.reason },
      length,
    });
    const code = newAuthorizationCode(context, session, null);
    const url = backTo(redirectUri, { code, state: null });
    return { url, code, session_id: session.id, expires_at: session.expires_at };
  });
}

function organizationOf(context: Context, user: UserRow, wanted: string | undefined): string | null {
  const all = organizationsOf(context, user.id);
  if (wanted !== undefined) {
    if (all.some(({ id }) => id === wanted)) return wanted;
    throw new KosmoError('usage', `${user.email} is no active member of ${wanted}.`);
  }
  if (all.length > 1) {
    throw new KosmoError('usage', `${user.email} is a member of several organizations.`, {
      hint: `Name one of them: ${all.map(({ id, name }) => `${id} (${name})`).join(', ')}.`,
    });
  }
  return all[0]?.id ?? null;
}

function redirectUriOf(context: Context, wanted: string | undefined): string {
  if (wanted !== undefined) {
    if (isRedirectAllowed(context, wanted)) return wanted;
    throw new KosmoError('usage', `${wanted} is no registered redirect URI.`);
  }
  const uris = redirectUrisOf(context);
  const first = uris.find((row) => row.is_default === 1) ?? uris[0];
  if (first !== undefined) return first.uri;
  throw new KosmoError('usage', 'The environment has no redirect URI that a sign-in could lead to.', {
    hint: 'Register one with POST /user_management/redirect_uris.',
  });
}
