import type { Database } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import type { SignIn } from '../authentication/sign-in.ts';

/** What an application asks the hosted pages for, or a page of this server's own. */
export interface FlowRequest {
  /** Where somebody goes when they have signed in. */
  readonly target: FlowTarget;
  readonly screen: 'sign-in' | 'sign-up';
  /** Whether they sign in even if this browser knows them. */
  readonly isForced: boolean;
  readonly email: string | null;
  readonly organizationId: string | null;
  readonly invitationToken: string | null;
  /** The connection to sign in by, when the application has named one. */
  readonly connectionId: string | null;
}

export type FlowTarget =
  /** Back to an application, with a code. */
  | {
      readonly kind: 'application';
      readonly redirectUri: string;
      readonly state: string | null;
      readonly codeChallenge: string | null;
    }
  /** On to a page of this server, which wants to know who it is. */
  | { readonly kind: 'page'; readonly path: string };

/** Somebody's visit to the hosted pages. */
export interface Flow {
  readonly id: string;
  readonly environment_id: string;
  /** Null until a browser has opened it. */
  readonly browser_hash: string | null;
  readonly request: FlowRequest;
  readonly email: string | null;
  readonly signIn: SignIn | null;
  readonly challenge_id: string | null;
  readonly expires_at: string;
}

interface FlowRow {
  readonly id: string;
  readonly environment_id: string;
  readonly browser_hash: string | null;
  readonly request: string;
  readonly email: string | null;
  readonly sign_in: string | null;
  readonly challenge_id: string | null;
  readonly expires_at: string;
}

export function insertFlow(context: Context, flow: Flow): void {
  context.database.run(
    `INSERT INTO authorization_flows (id, environment_id, request, email, expires_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [flow.id, context.environment.id, JSON.stringify(flow.request), flow.email, flow.expires_at, context.now],
  );
}

/** Its id says which environment it is in: a page knows no more than its path. */
export function flowById(database: Database, id: string): Flow | null {
  const row = database.get<FlowRow>('SELECT * FROM authorization_flows WHERE id = ?', [id]);
  if (row === null) return null;
  return {
    id: row.id,
    environment_id: row.environment_id,
    browser_hash: row.browser_hash,
    // Both were written by this server.
    request: JSON.parse(row.request) as FlowRequest,
    email: row.email,
    signIn: row.sign_in === null ? null : (JSON.parse(row.sign_in) as SignIn),
    challenge_id: row.challenge_id,
    expires_at: row.expires_at,
  };
}

export function updateFlow(database: Database, flow: Flow): void {
  database.run(
    `UPDATE authorization_flows SET browser_hash = ?, email = ?, sign_in = ?, user_id = ?, challenge_id = ?
     WHERE id = ?`,
    [
      flow.browser_hash,
      flow.email,
      flow.signIn === null ? null : JSON.stringify(flow.signIn),
      flow.signIn?.userId ?? null,
      flow.challenge_id,
      flow.id,
    ],
  );
}

export function deleteFlow(database: Database, id: string): void {
  database.run('DELETE FROM authorization_flows WHERE id = ?', [id]);
}
