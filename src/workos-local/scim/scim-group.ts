import type { ProvidedGroup } from '../resources/directory-groups/directory-group.ts';
import type { DirectoryGroupRow } from '../resources/directory-groups/directory-groups.table.ts';
import type { DirectoryUserRow } from '../resources/directory-users/directory-users.table.ts';
import { entityTag } from './entity-tag.ts';

/** The part of a SCIM group (RFC 7643, section 4.2) that a directory group is made of. */
export interface ScimGroup {
  readonly externalId?: string;
  readonly displayName?: string;
  readonly members?: readonly { readonly value?: string; readonly type?: string }[];
}

export function providedGroup(group: ScimGroup): ProvidedGroup {
  // JSON leaves out what is undefined: members have a table of their own.
  return {
    idpId: group.externalId ?? null,
    name: group.displayName ?? '',
    raw: { ...group, members: undefined },
  };
}

/** A group as the provider gets it back. */
export function scimGroup(row: DirectoryGroupRow, members: readonly DirectoryUserRow[]) {
  return {
    // Written by this server from a resource that the schema has let pass.
    ...(JSON.parse(row.raw_attributes) as ScimGroup),
    id: row.id,
    members: members.map((member) => ({
      value: member.scim_id,
      display: member.name ?? member.username ?? member.email ?? member.idp_id,
      type: 'User',
    })),
    meta: { created: row.created_at, lastModified: row.updated_at, version: entityTag(row.version) },
  };
}
