import type { GroupRow } from './groups.table.ts';

/** A group as the API serves it. */
export function serializeGroup(row: GroupRow) {
  return {
    object: 'group' as const,
    id: row.id,
    organization_id: row.organization_id,
    name: row.name,
    description: row.description,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
