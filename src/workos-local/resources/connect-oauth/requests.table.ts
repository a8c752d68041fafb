import type { Database } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import type { OperationRequest } from '../../operation.ts';

type CompleteBody = OperationRequest<'ExternalAuthController_completeLogin'>['body'];
export type ConsentOption = NonNullable<CompleteBody['user_consent_options']>[number];

/** What a Connect application asks for, until its user has answered. */
export interface ConnectRequestRow {
  readonly id: string;
  readonly environment_id: string;
  readonly client_id: string;
  readonly application_id: string;
  readonly redirect_uri: string;
  /** JSON: names. */
  readonly scopes: string;
  readonly state: string | null;
  readonly nonce: string | null;
  readonly code_challenge: string | null;
  readonly resource: string | null;
  /** Who signed in at the application's own page; null where the hosted pages do it. */
  readonly user_id: string | null;
  /** JSON: `ConsentOption`s. */
  readonly consent_options: string;
  readonly completion_hash: string | null;
  readonly expires_at: string;
}

export function insertConnectRequest(
  context: Context,
  row: Omit<ConnectRequestRow, 'client_id' | 'user_id' | 'consent_options' | 'completion_hash'>,
): void {
  context.database.run(
    `INSERT INTO connect_requests (id, environment_id, application_id, redirect_uri, scopes, state, nonce,
       code_challenge, resource, consent_options, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?)`,
    [
      row.id,
      row.environment_id,
      row.application_id,
      row.redirect_uri,
      row.scopes,
      row.state,
      row.nonce,
      row.code_challenge,
      row.resource,
      row.expires_at,
    ],
  );
}

const select = `SELECT connect_requests.*, client_id FROM connect_requests
  JOIN environments ON environments.id = environment_id`;

/** A request whatever its environment, which it tells itself. */
export function connectRequestById(database: Database, id: string): ConnectRequestRow | null {
  return database.get<ConnectRequestRow>(`${select} WHERE connect_requests.id = ?`, [id]);
}

/** The request of somebody who comes back from the application's own sign-in. */
export function connectRequestByCompletion(database: Database, token: string): ConnectRequestRow | null {
  return database.get<ConnectRequestRow>(`${select} WHERE completion_hash = ?`, [hashSecret(token)]);
}

export function completeConnectRequest(
  context: Context,
  id: string,
  completion: { readonly token: string; readonly userId: string; readonly options: readonly ConsentOption[] },
): void {
  context.database.run(
    'UPDATE connect_requests SET user_id = ?, consent_options = ?, completion_hash = ? WHERE id = ?',
    [completion.userId, JSON.stringify(completion.options), hashSecret(completion.token), id],
  );
}

/** @returns whether it was still there to be answered */
export function takeConnectRequest(context: Context, id: string): boolean {
  return context.database.run('DELETE FROM connect_requests WHERE id = ?', [id]) > 0;
}

export function consentOptionsOf(row: ConnectRequestRow): ConsentOption[] {
  // Written by this server from a checked body.
  return JSON.parse(row.consent_options) as ConsentOption[];
}

export function loginUriOf(database: Database, environmentId: string): string | null {
  return (
    database.get<{ uri: string }>('SELECT uri FROM connect_login_uris WHERE environment_id = ?', [
      environmentId,
    ])?.uri ?? null
  );
}

/** Sets where users of Connect applications sign in: at an application's own page, or by null on the hosted pages. */
export function setLoginUri(database: Database, environmentId: string, uri: string | null): void {
  if (uri === null) {
    database.run('DELETE FROM connect_login_uris WHERE environment_id = ?', [environmentId]);
    return;
  }
  database.run('INSERT OR REPLACE INTO connect_login_uris (environment_id, uri) VALUES (?, ?)', [
    environmentId,
    uri,
  ]);
}
