import { isUniqueViolation } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { badRequest, notFound } from '../../kit/errors.ts';

export interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly external_id: string | null;
  readonly stripe_customer_id: string | null;
  readonly allow_profiles_outside_organization: 0 | 1;
  /** JSON. */
  readonly metadata: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertOrganization(context: Context, row: OrganizationRow): void {
  refusingDoubles(context, row, () =>
    context.database.run(
      `INSERT INTO organizations (name, external_id, stripe_customer_id, allow_profiles_outside_organization,
         metadata, updated_at, created_at, id, environment_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [...changeable(row), row.created_at, row.id, context.environment.id],
    ),
  );
}

export function updateOrganization(context: Context, row: OrganizationRow): void {
  refusingDoubles(context, row, () =>
    context.database.run(
      `UPDATE organizations SET name = ?, external_id = ?, stripe_customer_id = ?,
         allow_profiles_outside_organization = ?, metadata = ?, updated_at = ?
       WHERE id = ?`,
      [...changeable(row), row.id],
    ),
  );
}

export function deleteOrganization(context: Context, id: string): void {
  context.database.run('DELETE FROM organizations WHERE id = ?', [id]);
}

export function organizationById(context: Context, id: string): OrganizationRow | null {
  return context.database.get<OrganizationRow>(
    'SELECT * FROM organizations WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
}

export function organizationByExternalId(context: Context, externalId: string): OrganizationRow | null {
  return context.database.get<OrganizationRow>(
    'SELECT * FROM organizations WHERE environment_id = ? AND external_id = ?',
    [context.environment.id, externalId],
  );
}

/** @throws ApiError 404 */
export function requireOrganization(context: Context, id: string): OrganizationRow {
  const row = organizationById(context, id);
  if (row === null) throw notFound('Organization', id);
  return row;
}

function changeable(row: OrganizationRow) {
  return [
    row.name,
    row.external_id,
    row.stripe_customer_id,
    row.allow_profiles_outside_organization,
    row.metadata,
    row.updated_at,
  ];
}

/** The database holds the uniqueness; which of the two ids is taken is looked up only once it has refused. */
function refusingDoubles(context: Context, row: OrganizationRow, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const holder = row.external_id === null ? null : organizationByExternalId(context, row.external_id);
    if (holder !== null && holder.id !== row.id) {
      throw badRequest('external_id_already_used', 'Another organization has this external id.');
    }
    throw badRequest('stripe_customer_id_already_used', 'Another organization has this Stripe customer id.');
  }
}
