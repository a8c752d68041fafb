import type { Database } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { emailKey } from '../../kit/email-address.ts';
import { notFound } from '../../kit/errors.ts';
import type { KeptInvitationState } from './invitation.machine.ts';

export interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly email_key: string;
  readonly organization_id: string | null;
  readonly role_slug: string | null;
  readonly organization_membership_id: string | null;
  readonly inviter_user_id: string | null;
  readonly accepted_user_id: string | null;
  readonly state: KeptInvitationState;
  readonly token: string;
  /** For how long it is valid from each time it is sent. */
  readonly valid_days: number;
  readonly expires_at: string;
  readonly accepted_at: string | null;
  readonly revoked_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertInvitation(context: Context, row: InvitationRow): void {
  context.database.run(
    `INSERT INTO invitations (email, email_key, organization_id, role_slug, inviter_user_id, token, valid_days,
       created_at, organization_membership_id, accepted_user_id, state, expires_at, accepted_at, revoked_at,
       updated_at, id, environment_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.email,
      row.email_key,
      row.organization_id,
      row.role_slug,
      row.inviter_user_id,
      row.token,
      row.valid_days,
      row.created_at,
      ...changeable(row),
      row.id,
      context.environment.id,
    ],
  );
}

export function updateInvitation(context: Context, row: InvitationRow): void {
  context.database.run(
    `UPDATE invitations SET organization_membership_id = ?, accepted_user_id = ?, state = ?, expires_at = ?,
       accepted_at = ?, revoked_at = ?, updated_at = ?
     WHERE id = ?`,
    [...changeable(row), row.id],
  );
}

export function deleteInvitationRow(context: Context, id: string): void {
  context.database.run('DELETE FROM invitations WHERE id = ?', [id]);
}

/** @throws ApiError 404 */
export function requireInvitation(context: Context, id: string): InvitationRow {
  const row = context.database.get<InvitationRow>(
    'SELECT * FROM invitations WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
  if (row === null) throw notFound('Invitation', id);
  return row;
}

export function invitationByToken(context: Context, token: string): InvitationRow | null {
  return context.database.get<InvitationRow>(
    'SELECT * FROM invitations WHERE environment_id = ? AND token = ?',
    [context.environment.id, token],
  );
}

/** The environment of a token: whoever follows its link shows nothing else. */
export function environmentOfInvitation(database: Database, token: string): string | null {
  const row = database.get<{ environment_id: string }>(
    `SELECT invitations.environment_id FROM environments JOIN invitations
       ON invitations.environment_id = environments.id AND invitations.token = ?`,
    [token],
  );
  return row?.environment_id ?? null;
}

/** Whether somebody has an invitation that can be accepted, to this organization or to the application. */
export function isInvited(context: Context, email: string, organizationId: string | null): boolean {
  return (
    context.database.get(
      `SELECT 1 FROM invitations
       WHERE environment_id = ? AND email_key = ? AND organization_id IS ? AND state = 'pending' AND expires_at > ?`,
      [context.environment.id, emailKey(email), organizationId, context.now],
    ) !== null
  );
}

export function invitationsOfOrganization(context: Context, organizationId: string): InvitationRow[] {
  return context.database.all<InvitationRow>(
    'SELECT * FROM invitations WHERE organization_id = ? ORDER BY created_at, id',
    [organizationId],
  );
}

export function invitationsOfMembership(context: Context, membershipId: string): InvitationRow[] {
  return context.database.all<InvitationRow>(
    'SELECT * FROM invitations WHERE organization_membership_id = ? ORDER BY created_at, id',
    [membershipId],
  );
}

function changeable(row: InvitationRow) {
  return [
    row.organization_membership_id,
    row.accepted_user_id,
    row.state,
    row.expires_at,
    row.accepted_at,
    row.revoked_at,
    row.updated_at,
  ];
}
