import type { Context as PageContext } from 'hono';
import { html } from 'hono/html';
import type { Context } from '../kit/context.ts';
import { isEmailAddress } from '../kit/email-address.ts';
import { contextOf } from '../pages/context-of.ts';
import { clearCookie, type PageCookie, readCookie, writeCookie } from '../pages/cookies.ts';
import type { Form } from '../pages/form.ts';
import type { CreateArea, PageEnv, PageHost } from '../pages/host.ts';
import { page } from '../pages/page.ts';
import { createPageApp } from '../pages/page-app.ts';
import { PageError } from '../pages/page-error.ts';
import { type ConnectionRow, requireConnection } from '../resources/connections/connections.table.ts';
import { type Person, requireProfile } from '../resources/sso/profiles.table.ts';
import {
  completeSignIn,
  errorLocation,
  identityProviderPath,
  type SignInRow,
  signInByToken,
  useSignIn,
} from '../resources/sso/sign-in.ts';
import { environmentOfToken, tokenRow, useToken } from '../resources/sso/sso-tokens.table.ts';
import { peopleOf, personOfEmail } from './people.ts';
import { signInPage } from './sign-in-page.ts';

interface Visit {
  readonly context: Context;
  readonly signIn: SignInRow;
  readonly connection: ConnectionRow;
}

/**
 * The test identity provider: a stand-in for Okta, Entra ID, Google and every other one. Nobody has a password here;
 * who comes says who they are.
 */
export const createIdentityProvider: CreateArea = (host) => {
  const app = createPageApp(host, { leadsAway: true });
  const signInPath = `${identityProviderPath}/sign-in`;

  app.get(signInPath, async (c) => {
    const visit = host.database.read(() => open(host, c));
    const remembered = await readCookie(c, host, sessionOf(visit));
    const people = host.database.read(() => peopleOf(visit.context, visit.connection));
    return signInPage(c, { ...visit, people, remembered, problem: null });
  });

  app.post(signInPath, async (c) => {
    const { form } = c.var;
    const decision = form.text('decision');
    const outcome = host.database.write(() => {
      const visit = open(host, c);
      const problem = decision === 'typed' ? problemOf(form) : null;
      if (problem !== null) {
        return { visit, problem, people: peopleOf(visit.context, visit.connection) };
      }
      if (!useSignIn(visit.context, visit.signIn.token_hash)) throw gone();
      return { visit, problem, ...decide(visit, decision, form) };
    });
    if (outcome.problem !== null) {
      return signInPage(c, { ...outcome.visit, ...outcome, remembered: null });
    }
    const { visit, location, profileId } = outcome;
    if (profileId !== null) await writeCookie(c, host, sessionOf(visit), profileId);
    return c.redirect(location, 303);
  });

  app.get(`${identityProviderPath}/sign-out`, (c) => {
    const token = c.req.query('token') ?? '';
    const connection = host.database.write(() => {
      const row = tokenRow(host.database, 'logout', token);
      if (row === null) throw gone();
      const environment = environmentOfToken(row);
      const context = contextOf(host, environment, c.env);
      if (context.now >= row.expires_at || !useToken(context, row.token_hash)) throw gone();
      const { connection_id: id } = requireProfile(context, row.profile_id);
      clearCookie(c, sessionCookie(id, environment));
      return requireConnection(context, id);
    });
    return page(c, {
      title: 'Signed out',
      header: html`${connection.name} <span class="badge">test identity provider</span>`,
      body: html`<h1>You are signed out</h1>
        <p>The identity provider has forgotten who you are. You can close this window.</p>`,
    });
  });
  return app;
};

/** Who the provider remembers in this browser: the id of a profile. */
function sessionOf({ connection, context }: Visit): PageCookie {
  return sessionCookie(connection.id, context.environment);
}

function sessionCookie(connectionId: string, environment: PageCookie['environment']): PageCookie {
  return { name: `idp_${connectionId}`, environment };
}

/** @throws PageError 410 when the sign-in is over, or never began */
function open(host: PageHost, c: PageContext<PageEnv>): Visit {
  const signIn = signInByToken(host.database, c.req.query('token') ?? '');
  if (signIn === null) throw gone();
  const context = contextOf(host, { id: signIn.environment_id, client_id: signIn.client_id }, c.env);
  if (signIn.used_at !== null || context.now >= signIn.expires_at) throw gone();
  return { context, signIn, connection: requireConnection(context, signIn.connection_id) };
}

function decide(visit: Visit, decision: string, form: Form): { location: string; profileId: string | null } {
  const { context, signIn, connection } = visit;
  const back = (error: string, description: string) => ({
    location: errorLocation(signIn.come_back_to, signIn.state, error, description),
    profileId: null,
  });
  if (decision === 'refuse') return back('access_denied', 'The user declined to sign in.');
  if (connection.state !== 'active') return back('connection_unlinked', 'The connection is not active.');
  if (decision === 'fail') return back('server_error', 'The identity provider could not sign the user in.');
  const { location, profile } = completeSignIn(context, signIn, connection, chosen(visit, decision, form));
  return { location, profileId: profile?.id ?? null };
}

/** @throws PageError 422 for somebody who is not offered */
function chosen({ context, connection }: Visit, decision: string, form: Form): Person {
  if (decision === 'typed') {
    return personOfEmail(context, connection, {
      idpId: form.text('idp_id') || null,
      email: form.text('email'),
      firstName: form.text('first_name') || null,
      lastName: form.text('last_name') || null,
      groups: form
        .text('groups')
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    });
  }
  const person = peopleOf(context, connection).find(({ idpId }) => `person:${idpId}` === decision);
  if (person === undefined) {
    throw new PageError(422, 'Nobody was chosen', 'Open the page again and choose who you are.');
  }
  return person;
}

function problemOf(form: Form): string | null {
  return isEmailAddress(form.text('email')) ? null : 'This is no e-mail address.';
}

function gone(): PageError {
  return new PageError(410, 'This sign-in is over', 'Go back to the application and sign in again.');
}
