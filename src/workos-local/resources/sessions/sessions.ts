import { badRequest, unprocessable } from '../../kit/errors.ts';
import { listOf, listPage } from '../../kit/list.ts';
import { Redirect, type Resource } from '../../operation.ts';
import { isReturnAllowed } from '../redirect-uris/redirect-uris.ts';
import { requireUser } from '../users/users.table.ts';
import { revokeSession, serializeSession } from './session.ts';
import { environmentOfSession, type SessionRow, sessionById } from './sessions.table.ts';

/** Where a browser goes that has logged out and was not told where to go. */
const signedOutPage = '/authkit/signed-out';

export const sessions = {
  UserlandUserSessionsController_list: (context, { path, query }) => {
    const user = requireUser(context, path.id);
    const page = listPage<SessionRow>(context, query, {
      table: 'sessions',
      prefix: 'session_',
      where: [
        ['user_id = ?', user.id],
        ['revoked_at IS NULL AND expires_at > ?', context.now],
      ],
    });
    return listOf(page, (row) => serializeSession(row, context.now));
  },

  UserlandSessionsController_revokeSession: (context, { body }) => {
    const row = sessionById(context, body.session_id);
    if (row === null) throw badRequest('invalid_session_id', 'There is no session with this id.');
    revokeSession(context, row);
    return undefined;
  },

  UserlandSessionsController_logout: {
    environmentOf: (database, { query }) => {
      const environment = environmentOfSession(database, query.session_id);
      if (environment === null) {
        throw unprocessable('invalid_session_id', 'There is no session with this id.');
      }
      return environment;
    },
    writes: true,
    prepare:
      async () =>
      (context, { query }) => {
        const row = sessionById(context, query.session_id);
        if (row === null) throw unprocessable('invalid_session_id', 'There is no session with this id.');
        if (query.return_to !== undefined && !isReturnAllowed(context, query.return_to)) {
          throw unprocessable(
            'invalid_return_to',
            'return_to leads to a site that no registered redirect URI is on.',
          );
        }
        revokeSession(context, row);
        return new Redirect(query.return_to ?? signedOutPage);
      },
  },
} satisfies Resource<
  | 'UserlandUserSessionsController_list'
  | 'UserlandSessionsController_revokeSession'
  | 'UserlandSessionsController_logout'
>;
