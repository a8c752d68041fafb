import type { Context } from '../kit/context.ts';
import { createResource } from '../resources/authorization-resources/authorization-resources.ts';
import { membershipBetween } from '../resources/organization-memberships/organization-memberships.table.ts';
import { organizationByExternalId } from '../resources/organizations/organizations.table.ts';
import { createPermission } from '../resources/permissions/permissions.ts';
import { defineResourceType } from '../resources/resource-types/resource-types.ts';
import { assignRole } from '../resources/role-assignments/role-assignments.ts';
import { createEnvironmentRole, requireEnvironmentRole } from '../resources/roles/environment-roles.ts';
import { setPermissions } from '../resources/roles/role-permissions.ts';
import { userByExternalId } from '../resources/users/users.table.ts';
import { accessRules } from './access.ts';
import { known } from './known.ts';

/** Makes the types, permissions, roles and resources of the seed, and gives some members roles on these. */
export function seedAccess(next: () => Context): void {
  for (const { slug, name, parent } of accessRules.types) {
    defineResourceType(next(), { slug, name, parentSlugs: [parent] });
  }
  for (const { slug, name } of accessRules.permissions) {
    createPermission(next(), { slug, name, resource_type_slug: slug.slice(0, slug.indexOf(':')) });
  }
  for (const { slug, name, type, permissions } of accessRules.roles) {
    createEnvironmentRole(next(), { slug, name, resource_type_slug: type });
    const context = next();
    setPermissions(context, requireEnvironmentRole(context, slug), permissions);
  }
  for (const { organization, type, externalId, name, workspace } of accessRules.resources) {
    const context = next();
    createResource(context, {
      organization_id: known(organizationByExternalId(context, organization), organization).id,
      resource_type_slug: type,
      external_id: externalId,
      name,
      ...(workspace === undefined
        ? {}
        : { parent_resource_type_slug: 'workspace', parent_resource_external_id: workspace }),
    });
  }
  for (const { person, organization, role, type, externalId } of accessRules.assignments) {
    const context = next();
    const { id } = known(organizationByExternalId(context, organization), organization);
    const user = known(userByExternalId(context, person), person);
    assignRole(context, known(membershipBetween(context, id, user.id), person), {
      role_slug: role,
      resource_type_slug: type,
      resource_external_id: externalId,
    });
  }
}
