import type { Context } from '../../kit/context.ts';
import { requireConnection } from '../connections/connections.table.ts';
import {
  membershipBetween,
  rolesOfMemberships,
} from '../organization-memberships/organization-memberships.table.ts';
import { userByEmail } from '../users/users.table.ts';
import { groupsOfProfile, type ProfileRow } from './profiles.table.ts';

export function serializeProfile(context: Context, row: ProfileRow) {
  const connection = requireConnection(context, row.connection_id);
  return {
    object: 'profile' as const,
    id: row.id,
    organization_id: connection.organization_id,
    connection_id: connection.id,
    connection_type: connection.connection_type,
    idp_id: row.idp_id,
    email: row.email,
    first_name: row.first_name,
    last_name: row.last_name,
    name: nameOf(row),
    ...rolesIn(context, connection.organization_id, row.email),
    groups: groupsOfProfile(row),
    // Written by this server from objects.
    custom_attributes: JSON.parse(row.custom_attributes) as Record<string, unknown>,
    raw_attributes: JSON.parse(row.raw_attributes) as Record<string, unknown>,
  };
}

function nameOf(row: ProfileRow): string | null {
  const parts = [row.first_name, row.last_name].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}

/** The roles of a member of the organization who has this address; nothing for one who is no member. */
function rolesIn(context: Context, organizationId: string | null, email: string) {
  if (organizationId === null) return {};
  const user = userByEmail(context, email);
  const membership = user === null ? null : membershipBetween(context, organizationId, user.id);
  if (membership?.status !== 'active') return {};
  const slugs = rolesOfMemberships(context, [membership.id]).get(membership.id) ?? [];
  const [first] = slugs;
  if (first === undefined) return {};
  return { role: { slug: first }, roles: slugs.map((slug) => ({ slug })) };
}
