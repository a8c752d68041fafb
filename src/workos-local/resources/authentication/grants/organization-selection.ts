import type { Context } from '../../../kit/context.ts';
import { badRequest } from '../../../kit/errors.ts';
import { proceed } from '../answer.ts';
import { dropPending, requirePending } from '../pending-authentications.ts';
import { organizationsOf } from '../sign-in.ts';
import type { Asker, GrantAnswer, GrantBody } from './grant.ts';

export function authenticateWithOrganization(
  context: Context,
  body: GrantBody<'urn:workos:oauth:grant-type:organization-selection'>,
  asker: Asker,
): GrantAnswer {
  const token = body.pending_authentication_token;
  const signIn = requirePending(context, token);
  const { organization_id } = body;
  if (!organizationsOf(context, signIn.userId).some(({ id }) => id === organization_id)) {
    throw badRequest('invalid_organization_id', 'The user is not an active member of this organization.');
  }
  dropPending(context, token);
  return proceed(context, { ...signIn, organizationId: organization_id }, asker.key);
}
