import type { Hono } from 'hono';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { PageError } from '../pages/page-error.ts';
import { tellFailure, tellSso } from '../resources/authentication/authentication-events.ts';
import { isOAuthConnection, userOfProfile } from '../resources/authentication/proofs/profile.ts';
import { connectionsRequiredFor } from '../resources/authentication/sso-policy.ts';
import { backTo } from '../resources/authorization-flows/authorize.ts';
import { deleteFlow, updateFlow } from '../resources/authorization-flows/flows.table.ts';
import { type ConnectionRow, connectionById } from '../resources/connections/connections.table.ts';
import { beginSignIn, redeemSignInCode } from '../resources/sso/sign-in.ts';
import { advance, goOn, type Onward, signInOf } from './advance.ts';
import { deviceOf, inStay, type Stay, type Visit } from './flow-visit.ts';

/** Where an identity provider sends somebody back to their visit. */
const callback = '/authkit/callback';

/** Sends somebody to the identity provider of a connection, which sends them back to this visit. */
export function leaveFor(
  c: Visit,
  { flow, context }: Stay,
  connection: ConnectionRow,
  email = flow.email,
): Onward {
  updateFlow(context.database, { ...flow, email });
  if (!isOAuthConnection(connection)) {
    tellSso(context, 'started', { id: null, email }, deviceOf(c), connection);
  }
  const location = beginSignIn(context, {
    connection,
    audience: 'user_management',
    comeBackTo: `${context.baseUrl}${callback}?connection_id=${connection.id}`,
    state: flow.id,
    loginHint: email,
    codeChallenge: null,
  });
  return { location, session: null };
}

/** The same for an address whose organization takes no other way; null for every other address. */
export function leaveIfRequired(c: Visit, stay: Stay, email: string): Onward | null {
  const [connection] = connectionsRequiredFor(stay.context, email);
  return connection === undefined ? null : leaveFor(c, stay, connection, email);
}

export function addSso(app: Hono<PageEnv>, host: PageHost): void {
  app.get(callback, async (c) => {
    const back = inStay(
      host,
      c,
      (stay) => ({ stay, onward: c.req.query('error') === undefined ? arrive(c, stay) : fail(c, stay) }),
      c.req.query('state') ?? '',
    );
    return goOn(c, host, back.stay, back.onward);
  });
}

function arrive(c: Visit, stay: Stay): Onward {
  const profile = redeemSignInCode(stay.context, c.req.query('code') ?? '', 'user_management');
  if (profile === null) {
    throw new PageError(400, 'This sign-in is over', 'Go back to the application and sign in there again.');
  }
  const { user, method, organizationId } = userOfProfile(stay.context, profile, deviceOf(c));
  const signIn = signInOf(c, stay.flow, user, method);
  return advance(stay, { ...signIn, organizationId: organizationId ?? signIn.organizationId });
}

/** The identity provider has not signed them in, and the application is told why. */
function fail(c: Visit, { flow, context }: Stay): Onward {
  const { error = 'server_error', error_description = '' } = c.req.query();
  const connection = connectionById(context, c.req.query('connection_id') ?? '');
  if (connection !== null) {
    const told = { code: error, message: error_description };
    const somebody = { id: null, email: flow.email };
    if (isOAuthConnection(connection)) tellFailure(context, 'oauth', somebody, deviceOf(c), told);
    else tellSso(context, 'failed', somebody, deviceOf(c), connection, told);
  }
  deleteFlow(context.database, flow.id);
  const { target } = flow.request;
  if (target.kind === 'page') return { location: target.path, session: null };
  return {
    location: backTo(target.redirectUri, { error, error_description, state: target.state }),
    session: null,
  };
}
