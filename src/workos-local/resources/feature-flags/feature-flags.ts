import type { Context } from '../../kit/context.ts';
import { ApiError, conflict, invalidField } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { listOf, listPage } from '../../kit/list.ts';
import type { Resource } from '../../operation.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { requireUser } from '../users/users.table.ts';
import {
  deleteFlagRow,
  deleteTarget,
  type FlagRow,
  flagBySlug,
  insertFlag,
  insertTarget,
  onForOrganization,
  onForUser,
  requireFlag,
  slugsFor,
  type Target,
  type Targets,
  targetsOf,
  updateFlag,
} from './feature-flags.table.ts';

const table = { table: 'feature_flags', prefix: 'flag_' };

export const featureFlags = {
  FeatureFlagsController_list: (context, { query }) =>
    listOf(listPage<FlagRow>(context, query, table), serializeFlag),

  FeatureFlagsController_findBySlug: (context, { path }) => serializeFlag(requireFlag(context, path.slug)),

  FeatureFlagsController_enableFlag: (context, { path }) =>
    switchFlag(context, requireFlag(context, path.slug), 1),

  FeatureFlagsController_disableFlag: (context, { path }) =>
    switchFlag(context, requireFlag(context, path.slug), 0),

  FlagTargetsController_createTarget: (context, { path }) => {
    changeTargets(context, requireFlag(context, path.slug), path.resourceId, insertTarget);
    return undefined;
  },

  FlagTargetsController_deleteTarget: (context, { path }) => {
    changeTargets(context, requireFlag(context, path.slug), path.resourceId, deleteTarget);
    return undefined;
  },

  OrganizationFeatureFlagsController_list: (context, { path, query }) => {
    const { id } = requireOrganization(context, path.organizationId);
    return listOf(
      listPage<FlagRow>(context, query, { ...table, where: [onForOrganization(id)] }),
      serializeFlag,
    );
  },

  UserlandUserFeatureFlagsController_list: (context, { path, query }) => {
    const { id } = requireUser(context, path.userId);
    return listOf(listPage<FlagRow>(context, query, { ...table, where: [onForUser(id)] }), serializeFlag);
  },
} satisfies Resource<
  | 'FeatureFlagsController_list'
  | 'FeatureFlagsController_findBySlug'
  | 'FeatureFlagsController_enableFlag'
  | 'FeatureFlagsController_disableFlag'
  | 'FlagTargetsController_createTarget'
  | 'FlagTargetsController_deleteTarget'
  | 'OrganizationFeatureFlagsController_list'
  | 'UserlandUserFeatureFlagsController_list'
>;

interface FlagOwner {
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
}

export interface NewFlag {
  readonly slug: string;
  readonly name: string;
  readonly description?: string | null;
  readonly owner?: FlagOwner | null;
  readonly tags?: readonly string[];
  readonly enabled?: boolean;
  /** Whether it is on for those who are no target. */
  readonly defaultValue?: boolean;
}

/**
 * Makes a flag. WorkOS has no operation for it: it is done in the dashboard.
 *
 * @throws ApiError 409 when the slug is taken, 422 when it is none
 */
export function createFlag(context: Context, flag: NewFlag): ReturnType<typeof serializeFlag> {
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(flag.slug)) {
    throw invalidField(
      'slug',
      'invalid_slug',
      'slug must have only lowercase letters, digits, hyphens and underscores.',
    );
  }
  if (flagBySlug(context, flag.slug) !== null) {
    throw conflict('feature_flag_slug_conflict', `There is a flag '${flag.slug}' already.`);
  }
  const row: FlagRow = {
    id: context.newId(table.prefix),
    slug: flag.slug,
    name: flag.name,
    description: flag.description ?? null,
    owner: JSON.stringify(flag.owner ?? null),
    tags: JSON.stringify(flag.tags ?? []),
    enabled: flag.enabled === true ? 1 : 0,
    default_value: flag.defaultValue === true ? 1 : 0,
    created_at: context.now,
    updated_at: context.now,
  };
  insertFlag(context, row);
  tell(context, 'flag.created', row, { actor: actor(context, 'dashboard') });
  return serializeFlag(row);
}

/** Deletes a flag, which is done in the dashboard, too. */
export function deleteFlag(context: Context, row: FlagRow): void {
  deleteFlagRow(context, row.id);
  tell(context, 'flag.deleted', row, { actor: actor(context, 'dashboard') });
}

/**
 * What the `feature_flags` claim of an access token holds.
 *
 * @param organizationId the organization the user is signed in to, or null
 */
export function featureFlagsClaim(
  context: Context,
  userId: string,
  organizationId: string | null,
): readonly string[] {
  return slugsFor(context, userId, organizationId);
}

/**
 * Makes a user or an organization a target of a flag: it is on for them, as soon as it is enabled.
 *
 * @throws ApiError 400 for an id of another kind, 404
 */
export function addTarget(context: Context, row: FlagRow, resourceId: string): void {
  changeTargets(context, row, resourceId, insertTarget);
}

function switchFlag(context: Context, row: FlagRow, enabled: 0 | 1): ReturnType<typeof serializeFlag> {
  if (row.enabled === enabled) return serializeFlag(row);
  const after: FlagRow = { ...row, enabled, updated_at: context.now };
  updateFlag(context, after);
  tell(context, 'flag.updated', after, { previous_attributes: { data: { enabled: row.enabled === 1 } } });
  return serializeFlag(after);
}

function changeTargets(
  context: Context,
  row: FlagRow,
  resourceId: string,
  change: (context: Context, flagId: string, target: Target) => boolean,
): void {
  const target = requireTarget(context, resourceId);
  const before = rule(row, targetsOf(context, row.id));
  if (!change(context, row.id, target)) return;
  const after = { ...row, updated_at: context.now };
  updateFlag(context, after);
  tell(context, 'flag.rule_updated', after, {
    ...rule(row, targetsOf(context, row.id)),
    previous_attributes: { context: before },
  });
}

function requireTarget(context: Context, id: string): Target {
  if (id.startsWith('user_')) return { userId: requireUser(context, id).id };
  if (id.startsWith('org_')) return { organizationId: requireOrganization(context, id).id };
  throw new ApiError(400, {
    message: `A target is a user (user_…) or an organization (org_…), not '${id}'.`,
    code: 'invalid_resource_id',
    statusCode: 400,
  });
}

/** Whom a flag is on for, as its events tell. */
function rule(row: FlagRow, configured_targets: Targets) {
  const hasSome = configured_targets.organizations.length + configured_targets.users.length > 0;
  const access_type = row.default_value === 1 ? 'all' : hasSome ? 'some' : 'none';
  return { access_type, configured_targets };
}

function tell(context: Context, event: string, row: FlagRow, about: object): void {
  const { object, id, ...rest } = serializeFlag(row);
  emit(context, event, { object, id, environment_id: context.environment.id, ...rest }, null, {
    client_id: context.environment.client_id,
    actor: actor(context, 'api'),
    ...about,
  });
}

function actor(context: Context, source: 'api' | 'dashboard') {
  return { id: context.environment.id, source, name: null };
}

function serializeFlag(row: FlagRow) {
  return {
    object: 'feature_flag' as const,
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    // Written by this server from checked values.
    owner: JSON.parse(row.owner) as FlagOwner | null,
    tags: JSON.parse(row.tags) as string[],
    enabled: row.enabled === 1,
    default_value: row.default_value === 1,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
