import type { Context } from '../../kit/context.ts';
import { emailKey, isEmailAddress } from '../../kit/email-address.ts';
import { badRequest, notFound } from '../../kit/errors.ts';
import { mergeMetadata, parseMetadata } from '../../kit/metadata.ts';
import { randomToken } from '../../kit/random.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { saveUser } from '../users/user.ts';
import { requireUser, type UserRow, userByEmail, userByExternalId } from '../users/users.table.ts';
import { createUser } from '../users/users.ts';
import { completeConnectRequest, connectRequestById } from './requests.table.ts';

/** Where the endpoints of OAuth are that Connect applications use. */
export const oauthPath = '/oauth2';

export const externalAuth = {
  ExternalAuthController_completeLogin: (context, { body }) => {
    const request = connectRequestById(context.database, body.external_auth_id);
    const isThere =
      request !== null &&
      request.environment_id === context.environment.id &&
      context.now < request.expires_at;
    if (!isThere) throw notFound('External auth session', body.external_auth_id);
    if (request.completion_hash !== null) {
      throw badRequest('external_auth_session_already_completed', 'The session has been completed already.');
    }
    const user = userFor(context, body.user);
    const token = randomToken(context.random, 40);
    completeConnectRequest(context, request.id, {
      token,
      userId: user.id,
      options: body.user_consent_options ?? [],
    });
    return { redirect_uri: `${context.baseUrl}${oauthPath}/complete?state=${token}` };
  },
} satisfies Resource<'ExternalAuthController_completeLogin'>;

type ExternalUser = OperationRequest<'ExternalAuthController_completeLogin'>['body']['user'];

/** The user an application knows by an id of its own: made when there is none, and kept as the application has them. */
function userFor(context: Context, given: ExternalUser): UserRow {
  if (!isEmailAddress(given.email)) throw badRequest('invalid_email', 'user.email is no e-mail address.');
  const known = userByExternalId(context, given.id);
  if (known === null) {
    if (userByEmail(context, given.email) !== null) {
      throw badRequest('email_not_available', 'Another user has this e-mail address.');
    }
    const { id } = createUser(context, {
      email: given.email,
      external_id: given.id,
      // The application vouches for the people it has signed in.
      email_verified: true,
      ...(given.first_name === undefined ? {} : { first_name: given.first_name }),
      ...(given.last_name === undefined ? {} : { last_name: given.last_name }),
      ...(given.metadata === undefined ? {} : { metadata: given.metadata }),
    });
    return requireUser(context, id);
  }
  if (emailKey(given.email) !== known.email_key) {
    throw badRequest(
      'email_change_not_allowed',
      'The user has another e-mail address, which cannot be changed here.',
    );
  }
  return saveUser(context, known, {
    ...known,
    first_name: given.first_name ?? known.first_name,
    last_name: given.last_name ?? known.last_name,
    metadata: JSON.stringify(mergeMetadata(parseMetadata(known.metadata), given.metadata)),
  });
}
