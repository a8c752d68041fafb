import type { Context } from '../../kit/context.ts';
import { ApiError } from '../../kit/errors.ts';
import { Later, Refusal, type Reply } from '../../operation.ts';
import { accessTokenClaims, signToken } from '../sessions/access-token.ts';
import { impersonatorOf, newRefreshToken } from '../sessions/session.ts';
import type { SessionRow } from '../sessions/sessions.table.ts';
import type { SigningKeyRow } from '../signing-keys/signing-keys.table.ts';
import { sendEmailVerification } from '../users/email-verification.ts';
import { serializeUser } from '../users/user.ts';
import { requireUser, type UserRow } from '../users/users.table.ts';
import { keepPending } from './pending-authentications.ts';
import { finishSignIn, type NextStep, nextStep, type SignIn } from './sign-in.ts';

type Authenticated = Reply<'UserlandSessionsController_authenticate[0]'>;

/** Signs somebody in, or says what they have to do first: 403 with the token of that step. */
export function proceed(
  context: Context,
  signIn: SignIn,
  key: SigningKeyRow,
): Later<Authenticated> | Refusal {
  const step = nextStep(context, signIn);
  if (step.kind === 'done') return tokensOf(context, finishSignIn(context, signIn, step), key);
  return new Refusal(
    new ApiError(403, {
      ...stepBody(context, step),
      pending_authentication_token: keepPending(context, signIn),
    }),
  );
}

/** New tokens of a session. */
export function tokensOf(context: Context, session: SessionRow, key: SigningKeyRow): Later<Authenticated> {
  const claims = accessTokenClaims(context, session);
  const refresh_token = newRefreshToken(context, session);
  const user = shownUser(requireUser(context, session.user_id));
  return new Later(async () => ({
    user,
    ...(session.organization_id === null ? {} : { organization_id: session.organization_id }),
    access_token: await signToken(claims, key),
    refresh_token,
    authentication_method: session.method,
    ...impersonatorOf(session),
  }));
}

function stepBody(context: Context, step: Exclude<NextStep, { kind: 'done' }>) {
  switch (step.kind) {
    case 'email_verification':
      return {
        code: 'email_verification_required',
        message: 'The e-mail address has to be verified first.',
        email: step.user.email,
        email_verification_id: sendEmailVerification(context, step.user).id,
      };
    case 'second_factor':
      return {
        code: 'mfa_challenge',
        message: 'The user has to complete a challenge of one of their authentication factors.',
        user: shownUser(step.user),
        authentication_factors: step.factors.map(({ id, type }) => ({ id, type })),
      };
    case 'enrollment':
      return {
        code: 'mfa_enrollment',
        message: 'The user has to enroll an authentication factor first.',
        user: shownUser(step.user),
      };
    case 'organization':
      return {
        code: 'organization_selection_required',
        message: 'The user has to choose one of their organizations.',
        user: shownUser(step.user),
        organizations: step.organizations,
      };
  }
}

/** A user as authentication shows them: without what the application keeps of them. */
function shownUser(row: UserRow) {
  const { metadata: _metadata, ...user } = serializeUser(row);
  return user;
}
