import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import { notFound, unprocessable } from '../../kit/errors.ts';
import { randomToken } from '../../kit/random.ts';
import type { Resource } from '../../operation.ts';
import {
  type ClientSecretRow,
  clientSecretById,
  clientSecretsOf,
  deleteClientSecretRow,
  insertClientSecret,
} from './client-secrets.table.ts';
import { requireApplication } from './connect-applications.table.ts';

/** So many credentials an application can have, the reference says. */
const mostSecrets = 5;
const hintLength = 6;

export const clientSecrets = {
  ApplicationCredentialsController_list: (context, { path }) =>
    clientSecretsOf(context, requireApplication(context, path.id).id).map(serializeClientSecret),

  ApplicationCredentialsController_create: (context, { path }) => {
    const { row, secret } = createClientSecret(context, path.id);
    return { ...serializeClientSecret(row), secret };
  },

  ApplicationCredentialsController_delete: (context, { path }) => {
    const row = clientSecretById(context, path.id);
    if (row === null) throw notFound('Client secret', path.id);
    deleteClientSecretRow(context, row.id);
    return undefined;
  },
} satisfies Resource<
  | 'ApplicationCredentialsController_list'
  | 'ApplicationCredentialsController_create'
  | 'ApplicationCredentialsController_delete'
>;

/**
 * Makes a secret of an application. It is told now and never again: what is kept is its hash and its end.
 *
 * @param applicationId the application's id, or its client id
 * @throws ApiError 404 when there is no such application, 422 when it has as many as it can have
 */
export function createClientSecret(
  context: Context,
  applicationId: string,
  secret = randomToken(context.random, 48),
): { row: ClientSecretRow; secret: string } {
  const application = requireApplication(context, applicationId);
  if (clientSecretsOf(context, application.id).length >= mostSecrets) {
    throw unprocessable(
      'client_secret_limit_reached',
      `An application has up to ${mostSecrets} client secrets: delete one first.`,
    );
  }
  const row: ClientSecretRow = {
    id: context.newId('secret_'),
    application_id: application.id,
    secret_hash: hashSecret(secret),
    secret_hint: secret.slice(-hintLength),
    last_used_at: null,
    created_at: context.now,
    updated_at: context.now,
  };
  insertClientSecret(context, row);
  return { row, secret };
}

function serializeClientSecret(row: ClientSecretRow) {
  return {
    object: 'connect_application_secret' as const,
    id: row.id,
    secret_hint: row.secret_hint,
    last_used_at: row.last_used_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
