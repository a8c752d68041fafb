import type { Hono } from 'hono';
import { html } from 'hono/html';
import { environmentById } from '../kit/environments.ts';
import { contextOf } from '../pages/context-of.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { PageError } from '../pages/page-error.ts';
import { nextStep } from '../resources/authentication/sign-in.ts';
import { beginFlow, flowPath } from '../resources/authorization-flows/flow.ts';
import { connectionById } from '../resources/connections/connections.table.ts';
import { invitationStateAt } from '../resources/invitations/invitation.machine.ts';
import { environmentOfInvitation, invitationByToken } from '../resources/invitations/invitations.table.ts';
import { redirectUrisOf } from '../resources/redirect-uris/redirect-uris.table.ts';
import { userByEmail } from '../resources/users/users.table.ts';
import { advance, finish, goOn, takeStep } from './advance.ts';
import { goesOn, rememberedSession } from './browser-session.ts';
import { deviceOf, inStay, stayOf } from './flow-visit.ts';
import { authkitPage } from './form-page.ts';
import { signInPage } from './sign-in-pages.ts';
import { leaveFor } from './sso-pages.ts';
import { stepPage } from './step-pages.ts';

/** Where a visit begins, and the pages that are nobody's step. */
export function addVisitors(app: Hono<PageEnv>, host: PageHost): void {
  app.get('/authkit/signed-out', (c) =>
    authkitPage(c, null, {
      title: 'You are signed out',
      body: html`<h1>You are signed out</h1><p>You can close this window.</p>`,
    }),
  );

  app.get('/authkit/joined', (c) =>
    authkitPage(c, null, {
      title: 'You are in',
      body: html`<h1>You are in</h1>
        <p>The invitation is accepted. Open the application to go on; it has no redirect URI here yet that would lead
        to it.</p>`,
    }),
  );

  app.get('/authkit/error', (c) => {
    const uri = c.req.query('redirect_uri') ?? '';
    return authkitPage(c, null, {
      title: 'Not a redirect URI',
      isRefused: true,
      body: html`<h1>This is not a registered redirect URI</h1>
        <p><code>${uri}</code></p>
        <p>Register it, to the letter, with the application’s API key:</p>
        <pre tabindex="0">POST ${c.env.baseUrl}/user_management/redirect_uris
{"uri": ${JSON.stringify(uri)}}</pre>`,
    });
  });

  app.get('/invite', (c) => {
    const token = c.req.query('invitation_token') ?? '';
    const environment = environmentById(host.database, environmentOfInvitation(host.database, token) ?? '');
    if (environment === null) {
      throw new PageError(404, 'This invitation is not right', 'Ask who invited you to send it again.');
    }
    const first = host.database.write(() => {
      const context = contextOf(host, environment, c.env);
      const invitation = invitationByToken(context, token);
      if (invitation === null || invitationStateAt(invitation, context.now) !== 'pending') {
        throw new PageError(
          410,
          'This invitation can no longer be accepted',
          'If you have accepted it already, sign in to the application.',
        );
      }
      const [home] = redirectUrisOf(context).filter((row) => row.is_default === 1);
      return beginFlow(context, {
        target:
          home === undefined
            ? { kind: 'page', path: '/authkit/joined' }
            : { kind: 'application', redirectUri: home.uri, state: null, codeChallenge: null },
        screen: userByEmail(context, invitation.email) === null ? 'sign-up' : 'sign-in',
        isForced: true,
        email: invitation.email,
        organizationId: null,
        invitationToken: token,
        connectionId: null,
      });
    });
    return c.redirect(first, 303);
  });

  app.get('/authkit/:flow', async (c) => {
    const { flow, context } = stayOf(host, c);
    const remembered = flow.request.isForced ? null : await rememberedSession(c, host, context.environment);
    const outcome = inStay(host, c, (stay) => {
      const { signIn, request } = stay.flow;
      if (signIn !== null) {
        const step = nextStep(stay.context, signIn);
        return step.kind === 'done' ? { stay, onward: takeStep(stay, signIn, step) } : { stay, step };
      }
      const connection =
        request.connectionId === null ? null : connectionById(stay.context, request.connectionId);
      if (connection !== null) return { stay, onward: leaveFor(c, stay, connection) };
      const session = goesOn(stay.context, remembered);
      if (session === null) return { stay };
      const wanted = request.organizationId ?? session.organization_id;
      // Who is signed in here already goes on as they are.
      if (request.invitationToken === null && wanted === session.organization_id) {
        return { stay, onward: finish(stay.context, stay.flow, session) };
      }
      return {
        stay,
        onward: advance(stay, {
          userId: session.user_id,
          method: session.method,
          organizationId: request.organizationId,
          invitationToken: request.invitationToken,
          hasSecondFactor: true,
          isPublic: false,
          device: deviceOf(c),
        }),
      };
    });
    if (outcome.onward !== undefined) return goOn(c, host, outcome.stay, outcome.onward);
    if (outcome.step !== undefined) return stepPage(c, host, outcome.stay, outcome.step);
    if (outcome.stay.flow.request.screen === 'sign-up') {
      return c.redirect(`${flowPath(flow.id)}/sign-up`, 303);
    }
    return signInPage(c, host, outcome.stay.flow);
  });
}
