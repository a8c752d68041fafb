import type { Schema } from '../../sqlite/index.ts';
import { foundation } from './0001-foundation.ts';
import { organizations } from './0002-organizations.ts';
import { apiKeys } from './0003-api-keys.ts';
import { groups } from './0005-groups.ts';
import { users } from './0006-users.ts';
import { organizationMemberships } from './0007-organization-memberships.ts';
import { invitations } from './0008-invitations.ts';
import { permissions } from './0010-permissions.ts';
import { authorizationResources } from './0011-authorization-resources.ts';
import { groupMembers } from './0012-group-members.ts';
import { signingKeys } from './0020-signing-keys.ts';
import { sessions } from './0021-sessions.ts';
import { signIn } from './0022-sign-in.ts';
import { authFactors } from './0023-auth-factors.ts';
import { redirects } from './0024-redirects.ts';
import { deviceAuthorizations } from './0025-device-authorizations.ts';
import { authorizationFlows } from './0026-authorization-flows.ts';
import { connections } from './0030-connections.ts';
import { directories } from './0031-directories.ts';
import { connectApplications } from './0032-connect-applications.ts';
import { dataIntegrations } from './0033-data-integrations.ts';
import { portal } from './0034-portal.ts';
import { singleSignOn } from './0035-single-sign-on.ts';
import { connectOauth } from './0036-connect-oauth.ts';
import { webhooks } from './0040-webhooks.ts';
import { featureFlags } from './0041-feature-flags.ts';
import { radar } from './0042-radar.ts';
import { auditLogs } from './0043-audit-logs.ts';
import { leanOrganizations } from './0044-lean-organizations.ts';
import { pageSecrets } from './0050-page-secrets.ts';
import { control } from './0051-control.ts';
import { signInSettings } from './0052-sign-in-settings.ts';
import { directoryProvisioning } from './0053-directory-provisioning.ts';

/** All of the server's tables, in the order they came. New ones go to the end. */
export const schema: Schema = {
  // "kwos" in ASCII.
  applicationId: 0x6b776f73,
  migrations: [
    foundation,
    organizations,
    apiKeys,
    groups,
    users,
    organizationMemberships,
    invitations,
    permissions,
    authorizationResources,
    groupMembers,
    signingKeys,
    sessions,
    signIn,
    authFactors,
    redirects,
    deviceAuthorizations,
    authorizationFlows,
    connections,
    directories,
    connectApplications,
    dataIntegrations,
    portal,
    singleSignOn,
    connectOauth,
    webhooks,
    featureFlags,
    radar,
    auditLogs,
    leanOrganizations,
    pageSecrets,
    control,
    signInSettings,
    directoryProvisioning,
  ],
};
