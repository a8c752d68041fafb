import type { Database } from '../sqlite/index.ts';
import type { Context } from './kit/context.ts';
import type { Environment } from './kit/environments.ts';
import { access } from './resources/access/access.ts';
import { apiKeys } from './resources/api-keys/api-keys.ts';
import { userApiKeys } from './resources/api-keys/user-api-keys.ts';
import { auditLogSettings } from './resources/audit-log-settings/audit-log-settings.ts';
import { auditLogEvents } from './resources/audit-logs/audit-log-events.ts';
import { auditLogExports } from './resources/audit-logs/audit-log-exports.ts';
import { auditLogSchemas } from './resources/audit-logs/audit-log-schemas.ts';
import { authFactors } from './resources/auth-factors/auth-factors.ts';
import { authentication } from './resources/authentication/authenticate.ts';
import { authorization } from './resources/authorization-flows/authorize.ts';
import { authorizationResources } from './resources/authorization-resources/authorization-resources.ts';
import { authorizedApplications } from './resources/authorized-applications/authorized-applications.ts';
import { clientSecrets } from './resources/connect-applications/client-secrets.ts';
import { connectApplications } from './resources/connect-applications/connect-applications.ts';
import { externalAuth } from './resources/connect-oauth/external-auth.ts';
import { connections } from './resources/connections/connections.ts';
import { dataIntegrations } from './resources/data-integrations/data-integrations.ts';
import { deviceAuthorizations } from './resources/device-authorizations/device-authorizations.ts';
import { directories } from './resources/directories/directories.ts';
import { directoryGroups } from './resources/directory-groups/directory-groups.ts';
import { directoryUsers } from './resources/directory-users/directory-users.ts';
import { events } from './resources/events/events.ts';
import { featureFlags } from './resources/feature-flags/feature-flags.ts';
import { groupMembers } from './resources/groups/group-members.ts';
import { groups } from './resources/groups/groups.ts';
import { invitations } from './resources/invitations/invitations.ts';
import { jwtTemplates } from './resources/jwt-templates/jwt-templates.ts';
import { magicAuth } from './resources/magic-auth/magic-auth.ts';
import { organizationDomains } from './resources/organization-domains/organization-domains.ts';
import { organizationMemberships } from './resources/organization-memberships/organization-memberships.ts';
import { organizations } from './resources/organizations/organizations.ts';
import { passwordResets } from './resources/password-resets/password-resets.ts';
import { permissions } from './resources/permissions/permissions.ts';
import { portal } from './resources/portal/portal.ts';
import { radar } from './resources/radar/radar.ts';
import { corsOrigins } from './resources/redirect-uris/cors-origins.ts';
import { redirectUris } from './resources/redirect-uris/redirect-uris.ts';
import { roleAssignments } from './resources/role-assignments/role-assignments.ts';
import { environmentRoles } from './resources/roles/environment-roles.ts';
import { organizationRoles } from './resources/roles/organization-roles.ts';
import { sessions } from './resources/sessions/sessions.ts';
import { signingKeys } from './resources/signing-keys/signing-keys.ts';
import { sso } from './resources/sso/sso.ts';
import { emailChange } from './resources/users/email-change.ts';
import { emailVerification } from './resources/users/email-verification.ts';
import { users } from './resources/users/users.ts';
import { webhookEndpoints } from './resources/webhook-endpoints/webhook-endpoints.ts';
import { widgets } from './resources/widgets/widgets.ts';

/**
 * Every resource of the server. A new one is a folder under `resources/` with its handlers (`NAME.ts`, checked by
 * `satisfies Resource<…>`), its rows and statements (`NAME.table.ts`), its states where it has some
 * (`NAME.machine.ts`) and its tests; its tables are a migration under `schema/`; and it is added here.
 */
const resources: readonly Readonly<Record<string, unknown>>[] = [
  organizations,
  organizationDomains,
  apiKeys,
  userApiKeys,
  auditLogSettings,
  auditLogSchemas,
  auditLogEvents,
  auditLogExports,
  groups,
  groupMembers,
  users,
  emailVerification,
  emailChange,
  organizationMemberships,
  invitations,
  permissions,
  environmentRoles,
  organizationRoles,
  authorizationResources,
  roleAssignments,
  access,
  connections,
  directories,
  directoryUsers,
  directoryGroups,
  connectApplications,
  clientSecrets,
  authorizedApplications,
  dataIntegrations,
  webhookEndpoints,
  featureFlags,
  radar,
  portal,
  widgets,
  externalAuth,
  sso,
  events,
  signingKeys,
  jwtTemplates,
  sessions,
  redirectUris,
  corsOrigins,
  authFactors,
  magicAuth,
  authentication,
  authorization,
  deviceAuthorizations,
  passwordResets,
];

/** A request whose parts have been checked against the document, before its operation's types are known. */
export interface UntypedRequest {
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly bearerToken: string | null;
}
export type UntypedWork = (context: Context, request: UntypedRequest) => unknown;
export interface UntypedSteps {
  prepare(request: UntypedRequest, context: Context): Promise<UntypedWork>;
  environmentOf?(database: Database, request: UntypedRequest): Environment;
  readonly writes?: true;
}
export type UntypedHandler = UntypedWork | UntypedSteps;

/** The handlers of all resources, by operation id. */
export class Catalogue {
  readonly #handlers = new Map<string, UntypedHandler>();

  /** @throws Error when two resources handle one operation: spreading them would hide it from the compiler */
  constructor(parts: readonly Readonly<Record<string, unknown>>[] = resources) {
    for (const part of parts) {
      for (const [id, handler] of Object.entries(part)) {
        if (this.#handlers.has(id)) throw new Error(`Two resources handle ${id}.`);
        // Each resource was checked against the types of its operations; validation makes requests fit them.
        this.#handlers.set(id, handler as UntypedHandler);
      }
    }
  }

  handlerOf(operationId: string): UntypedHandler | null {
    return this.#handlers.get(operationId) ?? null;
  }

  get operationIds(): string[] {
    return [...this.#handlers.keys()];
  }
}
