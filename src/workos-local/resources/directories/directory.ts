import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import { emit } from '../../kit/events.ts';
import { randomToken } from '../../kit/random.ts';
import {
  type DomainRow,
  domainsOfOrganizations,
} from '../organization-domains/organization-domains.table.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import {
  countsOfDirectories,
  type DirectoryCounts,
  type DirectoryRow,
  type DirectoryState,
  type DirectoryType,
  deleteDirectoryRow,
  directoriesOfOrganization,
  insertDirectory,
  requireDirectory,
  updateBearerToken,
} from './directories.table.ts';

export interface NewDirectory {
  readonly organizationId: string;
  readonly type: DirectoryType;
  /** The organization's name unless said. */
  readonly name?: string;
  /** Whether users whom the provider switches off stay as inactive ones; unless said they are deleted. */
  readonly keepsInactiveUsers?: boolean;
}

/**
 * Makes a directory that waits for its provider. WorkOS has no operation for it: it is done in the dashboard or the
 * Admin Portal.
 *
 * @returns the token the provider shows at the SCIM endpoint; only its hash is kept
 * @throws ApiError 404 when there is no such organization
 */
export function createDirectory(
  context: Context,
  directory: NewDirectory,
  bearerToken = newBearerToken(context),
): { row: DirectoryRow; bearerToken: string } {
  const organization = requireOrganization(context, directory.organizationId);
  const row: DirectoryRow = {
    id: context.newId('directory_'),
    organization_id: organization.id,
    type: directory.type,
    state: 'linked',
    name: directory.name ?? organization.name,
    external_key: randomToken(context.random, 9),
    bearer_token_hash: hashSecret(bearerToken),
    keeps_inactive_users: directory.keepsInactiveUsers === true ? 1 : 0,
    created_at: context.now,
    updated_at: context.now,
  };
  insertDirectory(context, row);
  const domains = domainsOfOrganizations(context, [organization.id]).get(organization.id) ?? [];
  const data = {
    ...told(row),
    external_key: row.external_key,
    domains: domains.map(({ id, domain }) => ({ object: 'organization_domain' as const, id, domain })),
  };
  emit(context, 'dsync.activated', data, row.organization_id);
  return { row, bearerToken };
}

/** Gives a directory another bearer token; the one before opens nothing any more. */
export function renewBearerToken(context: Context, id: string): string {
  const bearerToken = newBearerToken(context);
  updateBearerToken(context, requireDirectory(context, id).id, hashSecret(bearerToken));
  return bearerToken;
}

/** Deletes a directory with all that is in it. This is told in one event: none for its users and groups. */
export function removeDirectory(context: Context, row: DirectoryRow): void {
  deleteDirectoryRow(context, row.id);
  emit(context, 'dsync.deleted', told(row), row.organization_id);
}

/** Deletes every directory of an organization that is about to go. */
export function removeDirectoriesOf(context: Context, organizationId: string): void {
  for (const row of directoriesOfOrganization(context, organizationId)) removeDirectory(context, row);
}

/** Several directories as the API serves them. */
export function serializeDirectories(context: Context, rows: readonly DirectoryRow[]) {
  const counts = countsOfDirectories(
    context,
    rows.map(({ id }) => id),
  );
  const domains = domainsOfOrganizations(context, [...new Set(rows.map((row) => row.organization_id))]);
  return rows.map((row) => serialize(row, domains.get(row.organization_id) ?? [], counts.get(row.id)));
}

export function serializeDirectory(context: Context, row: DirectoryRow) {
  const domains = domainsOfOrganizations(context, [row.organization_id]).get(row.organization_id) ?? [];
  return serialize(row, domains, countsOfDirectories(context, [row.id]).get(row.id));
}

function serialize(row: DirectoryRow, domains: readonly DomainRow[], counts: DirectoryCounts | undefined) {
  const { active, inactive, groups } = counts ?? { active: 0, inactive: 0, groups: 0 };
  const [first] = domains;
  return {
    object: 'directory' as const,
    id: row.id,
    organization_id: row.organization_id,
    external_key: row.external_key,
    type: row.type,
    state: row.state,
    name: row.name,
    ...(first === undefined ? {} : { domain: first.domain }),
    metadata: { users: { active, inactive }, groups },
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** Events have other words for two of the states. */
const toldState: Record<DirectoryState, string> = {
  linked: 'active',
  unlinked: 'inactive',
  validating: 'validating',
  invalid_credentials: 'invalid_credentials',
  deleting: 'deleting',
};

function told(row: DirectoryRow) {
  return {
    object: 'directory' as const,
    id: row.id,
    organization_id: row.organization_id,
    type: row.type,
    state: toldState[row.state],
    name: row.name,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

function newBearerToken(context: Context): string {
  return `scim_${randomToken(context.random, 40)}`;
}
