import { notFound } from '../../kit/errors.ts';
import { listOf, listPage } from '../../kit/list.ts';
import type { Resource } from '../../operation.ts';
import { requireApplication } from '../connect-applications/connect-applications.table.ts';
import { serializeApplication } from '../connect-applications/connect-applications.ts';
import { requireUser } from '../users/users.table.ts';
import {
  type AuthorizationRow,
  authorizationBetween,
  deleteAuthorizationRow,
  grantedScopesOf,
} from './authorized-applications.table.ts';

export const authorizedApplications = {
  AuthorizedApplicationsController_list: (context, { path, query }) => {
    const user = requireUser(context, path.user_id);
    const page = listPage<AuthorizationRow>(context, query, {
      table: 'authorized_applications',
      prefix: 'authorized_connect_app_',
      where: [['user_id = ?', user.id]],
    });
    return listOf(page, (row) => ({
      object: 'authorized_connect_application' as const,
      id: row.id,
      granted_scopes: grantedScopesOf(row),
      ...(row.oauth_resource === null ? {} : { oauth_resource: row.oauth_resource }),
      application: serializeApplication(requireApplication(context, row.application_id)),
    }));
  },

  AuthorizedApplicationsController_delete: (context, { path }) => {
    const user = requireUser(context, path.user_id);
    const application = requireApplication(context, path.application_id);
    const row = authorizationBetween(context, user.id, application.id);
    if (row === null) throw notFound('Authorized application', path.application_id);
    // Codes and refresh tokens that came of it go with it.
    deleteAuthorizationRow(context, row.id);
    return undefined;
  },
} satisfies Resource<'AuthorizedApplicationsController_list' | 'AuthorizedApplicationsController_delete'>;
