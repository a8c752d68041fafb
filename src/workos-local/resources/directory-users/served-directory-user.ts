import type { DirectoryUserRow } from './directory-users.table.ts';

/** What is mapped from a provider's words to WorkOS's; there is no more in it than the provider has said. */
export interface CustomAttributes {
  readonly emails?: readonly { primary?: boolean; type?: string; value?: string | null }[];
  readonly job_title?: string;
  readonly username?: string;
  readonly [name: string]: unknown;
}

/** A directory user as events tell of them: without their groups, of which there may be many. */
export function serializeDirectoryUser(row: DirectoryUserRow) {
  const custom = parseCustomAttributes(row);
  return {
    object: 'directory_user' as const,
    id: row.id,
    directory_id: row.directory_id,
    organization_id: row.organization_id,
    idp_id: row.idp_id,
    email: row.email,
    first_name: row.first_name,
    last_name: row.last_name,
    name: row.name,
    // Three attributes from before there were custom ones.
    emails: custom.emails?.map((email) => ({ ...email })) ?? [],
    job_title: custom.job_title ?? null,
    username: row.username,
    state: row.state,
    // Written by this server from an object.
    raw_attributes: JSON.parse(row.raw_attributes) as Record<string, unknown>,
    custom_attributes: { ...custom } as Record<string, unknown>,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

export function parseCustomAttributes(row: DirectoryUserRow): CustomAttributes {
  // Written by this server.
  return JSON.parse(row.custom_attributes) as CustomAttributes;
}
