import type { Context } from '../kit/context.ts';
import type { PageHost } from '../pages/host.ts';
import { challengeFactor } from '../resources/auth-factors/challenge.ts';
import { newAuthorizationCode } from '../resources/authentication/authorization-codes.ts';
import { finishSignIn, type NextStep, nextStep, type SignIn } from '../resources/authentication/sign-in.ts';
import { backTo } from '../resources/authorization-flows/authorize.ts';
import { flowPath } from '../resources/authorization-flows/flow.ts';
import { deleteFlow, type Flow, updateFlow } from '../resources/authorization-flows/flows.table.ts';
import type { SessionRow } from '../resources/sessions/sessions.table.ts';
import { sendEmailVerification } from '../resources/users/email-verification.ts';
import { rememberSession } from './browser-session.ts';
import { deviceOf, type Stay, type Visit } from './flow-visit.ts';

/** Where a visitor goes now, and the session that has begun if all is done. */
export interface Onward {
  readonly location: string;
  readonly session: SessionRow | null;
}

/** What is known of somebody who has just shown who they are on a page. */
export function signInOf(
  c: Visit,
  { request }: Flow,
  user: { readonly id: string },
  method: SignIn['method'],
  invitationToken = request.invitationToken,
): SignIn {
  return {
    userId: user.id,
    method,
    organizationId: request.organizationId,
    invitationToken,
    hasSecondFactor: false,
    isPublic: false,
    device: deviceOf(c),
  };
}

/**
 * Takes a visit as far as it goes with what somebody has shown: to the page of the next step, whose code is sent, or
 * back to who asked.
 *
 * @throws ApiError 400 when they cannot sign in that way
 */
export function advance(stay: Stay, signIn: SignIn): Onward {
  return takeStep(stay, signIn, nextStep(stay.context, signIn));
}

/** The same, when the step has been looked up. */
export function takeStep({ flow, context }: Stay, signIn: SignIn, step: NextStep): Onward {
  if (step.kind === 'done') return finish(context, flow, finishSignIn(context, signIn, step));
  const challenge_id = step.kind === 'second_factor' ? challengeOf(context, step) : null;
  if (step.kind === 'email_verification') sendEmailVerification(context, step.user);
  updateFlow(context.database, { ...flow, signIn, challenge_id });
  return { location: flowPath(flow.id), session: null };
}

/** Ends a visit with a session: an application gets a code for it. */
export function finish(context: Context, flow: Flow, session: SessionRow): Onward {
  deleteFlow(context.database, flow.id);
  const { target } = flow.request;
  if (target.kind === 'page') return { location: target.path, session };
  const code = newAuthorizationCode(context, session, target.codeChallenge);
  return { location: backTo(target.redirectUri, { code, state: target.state }), session };
}

/** Sends the browser on, which remembers a session that has begun. */
export async function goOn(c: Visit, host: PageHost, { context }: Stay, onward: Onward): Promise<Response> {
  if (onward.session !== null) await rememberSession(c, host, context.environment, onward.session);
  return c.redirect(onward.location, 303);
}

function challengeOf(
  context: Context,
  { factors }: Extract<NextStep, { kind: 'second_factor' }>,
): string | null {
  // Who has enrolled again uses the newer one.
  const factor = factors.at(-1);
  return factor === undefined ? null : challengeFactor(context, factor).id;
}
