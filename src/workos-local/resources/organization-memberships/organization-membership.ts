import type { Context } from '../../kit/context.ts';
import { serializeUser } from '../users/user.ts';
import { usersByIds } from '../users/users.table.ts';
import {
  type MembershipRow,
  namesOfOrganizations,
  rolesOfMemberships,
} from './organization-memberships.table.ts';

type ServedMembership = ReturnType<typeof serializeMembership>;

/** Memberships as the API serves them, each with its user; what belongs to them is read with one statement a kind. */
export function serializeMemberships(context: Context, rows: readonly MembershipRow[]): ServedMembership[] {
  const users = usersByIds(
    context,
    rows.map((row) => row.user_id),
  );
  const names = namesOfOrganizations(
    context,
    rows.map((row) => row.organization_id),
  );
  const roles = rolesOfMemberships(
    context,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const user = users.get(row.user_id);
    const name = names.get(row.organization_id);
    // The foreign keys of the table see to it.
    if (user === undefined || name === undefined)
      throw new Error(`${row.id} has no user or no organization.`);
    return serializeMembership(row, roles.get(row.id) ?? [], { organizationName: name, user });
  });
}

/** Memberships as they are served where their users are not. */
export function serializeWithoutUsers(context: Context, rows: readonly MembershipRow[]) {
  const names = namesOfOrganizations(
    context,
    rows.map((row) => row.organization_id),
  );
  const roles = rolesOfMemberships(
    context,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const organization_name = names.get(row.organization_id);
    if (organization_name === undefined) throw new Error(`${row.id} has no organization.`);
    return { ...core(row, roles.get(row.id) ?? []), organization_name };
  });
}

/** A membership as its events tell of it. */
export function membershipEvent(context: Context, row: MembershipRow) {
  return core(row, rolesOfMemberships(context, [row.id]).get(row.id) ?? []);
}

function serializeMembership(
  row: MembershipRow,
  roles: readonly string[],
  between: { organizationName: string; user: Parameters<typeof serializeUser>[0] },
) {
  return {
    ...core(row, roles),
    organization_name: between.organizationName,
    user: serializeUser(between.user),
  };
}

function core(row: MembershipRow, roles: readonly string[]) {
  const [first] = roles;
  if (first === undefined) throw new Error(`${row.id} has no role.`);
  return {
    object: 'organization_membership' as const,
    id: row.id,
    user_id: row.user_id,
    organization_id: row.organization_id,
    status: row.status,
    directory_managed: row.directory_managed === 1,
    // Written by this server from a checked object.
    custom_attributes: JSON.parse(row.custom_attributes) as Record<string, unknown>,
    role: { slug: first },
    roles: roles.map((slug) => ({ slug })),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
