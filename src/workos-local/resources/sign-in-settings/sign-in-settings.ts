import type { Database } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { ApiError, oauthError } from '../../kit/errors.ts';
import type { AuthenticationMethod } from '../sessions/authentication-method.ts';

/** How the users of an environment may sign in, which WorkOS has in its dashboard. */
export interface SignInSettings {
  readonly password: boolean;
  readonly magic_auth: boolean;
  /** By an account at a provider, as Google's. */
  readonly social: boolean;
  readonly sso: boolean;
  /** Whether the hosted pages make new accounts; whoever was invited, or is sent by their organization, gets one anyway. */
  readonly sign_up: boolean;
  /** Of a second factor: nobody is asked, whoever has enrolled one is, or everybody has to enroll one. */
  readonly mfa: 'off' | 'optional' | 'required';
  /** Seconds, all three. */
  readonly session_length: number;
  readonly access_token_length: number;
  /** How long a session may go without a refresh; null: as long as it lasts. */
  readonly inactivity_timeout: number | null;
  /** Whether the people of a directory become users and members of its organization. */
  readonly directory_provisioning: boolean;
}

/** What a new environment has. */
export const defaultSettings: SignInSettings = {
  password: true,
  magic_auth: true,
  social: true,
  sso: true,
  sign_up: true,
  mfa: 'optional',
  session_length: 30 * 24 * 60 * 60,
  access_token_length: 5 * 60,
  inactivity_timeout: null,
  directory_provisioning: false,
};

export function settingsOf(database: Database, environmentId: string): SignInSettings {
  const row = database.get<{ settings: string }>(
    'SELECT settings FROM sign_in_settings WHERE environment_id = ?',
    [environmentId],
  );
  if (row === null) return defaultSettings;
  // Written by this server.
  return { ...defaultSettings, ...(JSON.parse(row.settings) as Partial<SignInSettings>) };
}

export function saveSettings(database: Database, environmentId: string, settings: SignInSettings): void {
  database.run('INSERT OR REPLACE INTO sign_in_settings (environment_id, settings) VALUES (?, ?)', [
    environmentId,
    JSON.stringify(settings),
  ]);
}

/** The switch of each way to sign in; providers of OAuth share one, and what is not here has none. */
const switches: Readonly<Partial<Record<AuthenticationMethod, 'password' | 'magic_auth' | 'sso'>>> = {
  Password: 'password',
  MagicAuth: 'magic_auth',
  SSO: 'sso',
};
const withoutSwitch: ReadonlySet<AuthenticationMethod> = new Set([
  'CrossAppAuth',
  'ExternalAuth',
  'Impersonation',
  'MigratedSession',
  'Passkey',
]);

/** @throws ApiError 403 when an environment has a way to sign in switched off */
export function assertMethodOn(context: Context, method: AuthenticationMethod): void {
  if (withoutSwitch.has(method)) return;
  const name = switches[method] ?? 'social';
  if (settingsOf(context.database, context.environment.id)[name]) return;
  throw name === 'password'
    ? new ApiError(403, {
        code: 'email_password_auth_disabled',
        message: 'Signing in with a password is switched off in this environment.',
      })
    : new ApiError(403, {
        code: 'authentication_method_not_allowed',
        message: `This way to sign in (${name}) is switched off in this environment.`,
      });
}

/** @throws ApiError 400 `sign_up_not_allowed` when an environment takes nobody new */
export function assertSignUpOn(context: Context): void {
  if (settingsOf(context.database, context.environment.id).sign_up) return;
  throw oauthError(400, 'sign_up_not_allowed', 'This environment takes new users by invitation alone.');
}
