import { type Account, configureCommand } from '../accounts/index.ts';
import {
  type AllCredentials,
  type Auth,
  type Credential,
  credentialsOf,
  fieldsOfCredential,
  type Operation,
} from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

/** Where a request's credentials go. */
export interface CredentialPlaces {
  readonly headers: Record<string, string>;
  readonly query: string[];
  readonly cookies: string[];
}

/** Puts credentials into a request; the failure when the account has none that the operation takes. */
export function authenticate(
  { auth, parameters }: Pick<Operation, 'auth' | 'parameters'>,
  values: JsonObject,
  account: Account,
  places: CredentialPlaces,
): Failure | null {
  const way = wayOf(auth, account);
  if (way === null) return null;
  // What the call brought, or was filled from the account, goes before what the account holds.
  const argument = parameters.find((parameter) => parameter.in === 'credential')?.argument;
  const brought = argument === undefined ? undefined : values[argument];
  for (const credential of credentialsOf(way)) {
    const field = put(credential, typeof brought === 'string' ? brought : undefined, account, places);
    if (field !== null) return missing(account, field, argument);
  }
  return null;
}

/**
 * The way in which an account is authenticated: of several, the first whose fields it has; without any, none where
 * none is needed, else the first, whose fields are then said to be missing.
 */
export function wayOf(auth: Auth | null, account: Account): Credential | AllCredentials | null {
  if (auth?.kind !== 'any') return auth;
  const held = auth.of.find((way) =>
    credentialsOf(way).every((credential) =>
      credential.kind === 'basic' ? account.has(credential.userField) : account.has(credential.field),
    ),
  );
  return held ?? (auth.optional ? null : (auth.of[0] ?? null));
}

/** The account's fields that a call's credentials are made of. */
export function credentialFields(auth: Auth | null, account: Account): readonly string[] {
  return credentialsOf(wayOf(auth, account)).flatMap(fieldsOfCredential);
}

/** @returns the field that is missing, or null */
function put(
  credential: Credential,
  brought: string | undefined,
  account: Account,
  { headers, query, cookies }: CredentialPlaces,
): string | null {
  if (credential.kind === 'basic') {
    const user = account.value(credential.userField);
    if (user === undefined) return credential.userField;
    const pair = `${user}:${account.value(credential.passwordField) ?? ''}`;
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
    return null;
  }
  const secret = brought ?? account.value(credential.field);
  if (secret === undefined) return credential.field;
  if (credential.kind === 'bearer') headers['authorization'] = `Bearer ${secret}`;
  else if (credential.in === 'header')
    headers[credential.name.toLowerCase()] = `${credential.prefix ?? ''}${secret}`;
  else {
    const pair = `${encodeURIComponent(credential.name)}=${encodeURIComponent(secret)}`;
    if (credential.in === 'query') query.push(pair);
    else cookies.push(pair);
  }
  return null;
}

function missing(account: Account, field: string, argument?: string): Failure {
  const command = `${configureCommand(account.integration, account.name)} --set ${field}=…`;
  return failure(
    'not_configured',
    `The account ${account.name} of ${account.integration} has no ${field}, which this operation needs.`,
    {
      hint: argument === undefined ? `Run ${command}.` : `Pass ${argument}, or run ${command}.`,
      details: { integration: account.integration, account: account.name, field, commands: [command] },
    },
  );
}
