import type { Reply } from '../../operation.ts';

/** How a user signed in, as answers to authentication name it. */
export type AuthenticationMethod = NonNullable<
  Reply<'UserlandSessionsController_authenticate[0]'>['authentication_method']
>;

type SessionMethod = NonNullable<Reply<'UserlandUserSessionsController_list'>['data']>[number]['auth_method'];

const others: Readonly<Partial<Record<AuthenticationMethod, SessionMethod>>> = {
  SSO: 'sso',
  Password: 'password',
  Passkey: 'passkey',
  MagicAuth: 'magic_code',
  CrossAppAuth: 'cross_app_auth',
  ExternalAuth: 'external_auth',
  Impersonation: 'impersonation',
  MigratedSession: 'migrated_session',
};

/** The same as sessions name it: for them all providers of OAuth are one. */
export function sessionMethodOf(method: AuthenticationMethod): SessionMethod {
  return others[method] ?? 'oauth';
}
