import type { Database } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import type { OperationRequest } from '../../operation.ts';

type Body = OperationRequest<'PortalSessionsController_create'>['body'];
/** What the portal is opened for, besides what the widgets show. */
export type PortalIntent = NonNullable<Body['intent']>;
export type PortalSection = PortalIntent | 'people' | 'api_keys';
export type IntentOptions = NonNullable<Body['intent_options']>;

export interface PortalLinkRow {
  readonly token_hash: string;
  readonly environment_id: string;
  readonly client_id: string;
  readonly organization_id: string;
  /** JSON: `PortalSection`s. */
  readonly sections: string;
  /** JSON: `IntentOptions`. */
  readonly intent_options: string;
  /** JSON: addresses. */
  readonly it_contact_emails: string;
  readonly return_url: string | null;
  readonly success_url: string | null;
  readonly expires_at: string;
  readonly session_hash: string | null;
  readonly session_expires_at: string | null;
}

type NewLink = Pick<
  PortalLinkRow,
  | 'organization_id'
  | 'sections'
  | 'intent_options'
  | 'it_contact_emails'
  | 'return_url'
  | 'success_url'
  | 'expires_at'
>;

export function insertPortalLink(context: Context, token: string, link: NewLink): void {
  context.database.run(
    `INSERT INTO portal_links (token_hash, environment_id, organization_id, sections, intent_options, it_contact_emails,
       return_url, success_url, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      hashSecret(token),
      context.environment.id,
      link.organization_id,
      link.sections,
      link.intent_options,
      link.it_contact_emails,
      link.return_url,
      link.success_url,
      link.expires_at,
    ],
  );
}

/**
 * Opens a link: once, and before it expires.
 *
 * @param session the token of the session it becomes
 * @returns whether it was opened
 */
export function openPortalLink(
  database: Database,
  token: string,
  session: { readonly token: string; readonly now: string; readonly expiresAt: string },
): boolean {
  const opened = database.run(
    `UPDATE portal_links SET session_hash = ?, session_expires_at = ?
     WHERE token_hash = ? AND session_hash IS NULL AND expires_at > ?`,
    [hashSecret(session.token), session.expiresAt, hashSecret(token), session.now],
  );
  return opened > 0;
}

/** The link a session came of, whatever its environment; null when it has expired. */
export function portalSession(database: Database, sessionToken: string, now: string): PortalLinkRow | null {
  return database.get<PortalLinkRow>(
    `SELECT portal_links.*, client_id FROM portal_links
     JOIN environments ON environments.id = environment_id
     WHERE session_hash = ? AND session_expires_at > ?`,
    [hashSecret(sessionToken), now],
  );
}

export function sectionsOf(row: PortalLinkRow): PortalSection[] {
  // Written by this server from a list.
  return JSON.parse(row.sections) as PortalSection[];
}

export function intentOptionsOf(row: PortalLinkRow): IntentOptions {
  // Written by this server from a checked body.
  return JSON.parse(row.intent_options) as IntentOptions;
}

export function contactsOf(row: PortalLinkRow): string[] {
  // Written by this server from checked addresses.
  return JSON.parse(row.it_contact_emails) as string[];
}
