import type { Database } from '../../../sqlite/index.ts';
import { minute, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import { randomToken } from '../../kit/random.ts';
import type { ConnectionRow } from '../connections/connections.table.ts';
import { isVerified } from '../organization-domains/organization-domain.machine.ts';
import { domainsOfOrganizations } from '../organization-domains/organization-domains.table.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { type Person, type ProfileRow, putProfile, requireProfile } from './profiles.table.ts';
import { type Audience, codeOf, newCode, useCode } from './sso-tokens.table.ts';

/** Where the test identity provider is. */
export const identityProviderPath = '/_idp';

/** How long somebody may take at the identity provider. */
const lifetime = 30 * minute;

export interface NewSignIn {
  /** An active one. */
  readonly connection: ConnectionRow;
  /** Who may redeem the code that comes back. */
  readonly audience: Audience;
  /** Where the browser goes with `code` or `error`, and with `state`. It has been checked by whoever sends it there. */
  readonly comeBackTo: string;
  readonly state: string | null;
  /** The address to fill in for the visitor. */
  readonly loginHint: string | null;
  /** Of PKCE, by S256. */
  readonly codeChallenge: string | null;
}

export interface SignInRow {
  readonly token_hash: string;
  readonly environment_id: string;
  readonly client_id: string;
  readonly connection_id: string;
  readonly audience: Audience;
  readonly come_back_to: string;
  readonly state: string | null;
  readonly login_hint: string | null;
  readonly code_challenge: string | null;
  readonly used_at: string | null;
  readonly expires_at: string;
}

/**
 * Begins an SSO sign-in. What it ends with is a redirect to `comeBackTo`, with a `code` for `redeemSignInCode` or
 * with an `error` and an `error_description`, and with the `state`.
 *
 * @returns where to send the browser: the connection's identity provider, on this server
 */
export function beginSignIn(context: Context, signIn: NewSignIn): string {
  const token = randomToken(context.random, 32);
  context.database.run(
    `INSERT INTO sso_sign_ins (token_hash, environment_id, connection_id, audience, come_back_to, state, login_hint,
       code_challenge, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      hashSecret(token),
      context.environment.id,
      signIn.connection.id,
      signIn.audience,
      signIn.comeBackTo,
      signIn.state,
      signIn.loginHint,
      signIn.codeChallenge,
      timestamp(context.time + lifetime),
    ],
  );
  return `${context.baseUrl}${identityProviderPath}/sign-in?token=${token}`;
}

/**
 * The profile of somebody who has come back with a code, once.
 *
 * @param audience who redeems it
 * @returns null for a code that is unknown, used, expired or another's
 */
export function redeemSignInCode(context: Context, code: string, audience: Audience): ProfileRow | null {
  const row = codeOf(context, code);
  if (row === null || row.audience !== audience) return null;
  if (row.used_at !== null || context.now >= row.expires_at) return null;
  useCode(context, row);
  return requireProfile(context, row.profile_id);
}

/** A sign-in whatever its environment, which it tells itself. */
export function signInByToken(database: Database, token: string): SignInRow | null {
  return database.get<SignInRow>(
    `SELECT sso_sign_ins.*, client_id FROM sso_sign_ins JOIN environments ON environments.id = environment_id
     WHERE token_hash = ?`,
    [hashSecret(token)],
  );
}

/** @returns whether this was its first use */
export function useSignIn(context: Context, tokenHash: string): boolean {
  const used = context.database.run(
    'UPDATE sso_sign_ins SET used_at = ? WHERE token_hash = ? AND used_at IS NULL',
    [context.now, tokenHash],
  );
  return used > 0;
}

export interface SignedIn {
  /** Where the browser goes now. */
  readonly location: string;
  /** Null when the person is not let in. */
  readonly profile: ProfileRow | null;
}

/** The identity provider says who it is: the browser goes back with a code, or with the reason why there is none. */
export function completeSignIn(
  context: Context,
  signIn: SignInRow,
  connection: ConnectionRow,
  person: Person,
): SignedIn {
  if (!isInside(context, connection, person.email)) {
    const location = errorLocation(
      signIn.come_back_to,
      signIn.state,
      'profile_not_allowed_outside_organization',
      'The profile has an email that is outside the organization’s verified domains.',
    );
    return { location, profile: null };
  }
  const profile = putProfile(context, connection.id, person);
  const url = new URL(signIn.come_back_to);
  const code = newCode(context, {
    profile_id: profile.id,
    audience: signIn.audience,
    code_challenge: signIn.code_challenge,
  });
  url.searchParams.set('code', code);
  if (signIn.state !== null) url.searchParams.set('state', signIn.state);
  return { location: url.href, profile };
}

/** Where the browser goes when there is an error to tell the application. */
export function errorLocation(
  comeBackTo: string,
  state: string | null,
  error: string,
  description: string,
): string {
  const url = new URL(comeBackTo);
  url.searchParams.set('error', error);
  url.searchParams.set('error_description', description);
  if (state !== null) url.searchParams.set('state', state);
  return url.href;
}

/** Whether an address is the organization's to vouch for: any, where it says so, or at a domain it has verified. */
function isInside(context: Context, connection: ConnectionRow, email: string): boolean {
  const { organization_id: organizationId } = connection;
  if (organizationId === null) return true;
  if (requireOrganization(context, organizationId).allow_profiles_outside_organization === 1) return true;
  return isAtVerifiedDomain(context, organizationId, email);
}

/** Whether an address is at a domain that an organization has shown to be its own. */
export function isAtVerifiedDomain(context: Context, organizationId: string, email: string): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const domains = domainsOfOrganizations(context, [organizationId]).get(organizationId) ?? [];
  return domains.some((row) => row.domain === domain && isVerified(row.state));
}
