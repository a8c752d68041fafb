import type { Hono } from 'hono';
import { html } from 'hono/html';
import { goesOn, rememberedSession } from '../authkit/browser-session.ts';
import type { Visit } from '../authkit/flow-visit.ts';
import type { Context } from '../kit/context.ts';
import { contextOf } from '../pages/context-of.ts';
import type { Form } from '../pages/form.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { csrfField, type Html, page } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';
import { type Choice, organizationsOf } from '../resources/authentication/sign-in.ts';
import { backTo } from '../resources/authorization-flows/authorize.ts';
import { beginFlow } from '../resources/authorization-flows/flow.ts';
import {
  authorizationBetween,
  grant,
  grantedScopesOf,
} from '../resources/authorized-applications/authorized-applications.table.ts';
import {
  type ApplicationRow,
  requireApplication,
} from '../resources/connect-applications/connect-applications.table.ts';
import { oauthPath } from '../resources/connect-oauth/external-auth.ts';
import { newGrant } from '../resources/connect-oauth/grants.table.ts';
import {
  type ConnectRequestRow,
  type ConsentOption,
  connectRequestByCompletion,
  connectRequestById,
  consentOptionsOf,
  loginUriOf,
  takeConnectRequest,
} from '../resources/connect-oauth/requests.table.ts';
import { requireUser, type UserRow } from '../resources/users/users.table.ts';

interface Asked {
  readonly context: Context;
  readonly request: ConnectRequestRow;
  readonly application: ApplicationRow;
  readonly user: UserRow;
  readonly organizations: readonly Choice[];
}

/** Asks a user whether an application may act for them; the team's own applications need not ask. */
export function addConsent(app: Hono<PageEnv>, host: PageHost): void {
  for (const path of ['consent', 'complete']) {
    app.get(`${oauthPath}/${path}`, async (c) => {
      const asked = await open(c, host);
      if (typeof asked === 'string') return c.redirect(asked, 303);
      if (needsNoAnswer(asked)) {
        return c.redirect(
          host.database.write(() => allow(asked, asked.organizations[0]?.id ?? null, {})),
          303,
        );
      }
      return consentPage(c, asked);
    });
    app.post(`${oauthPath}/${path}`, async (c) => {
      const asked = await open(c, host);
      if (typeof asked === 'string') return c.redirect(asked, 303);
      const { form } = c.var;
      const location = host.database.write(() =>
        form.text('decision') === 'allow'
          ? allow(asked, organizationFrom(asked, form), claimsFrom(asked, form))
          : refuse(asked),
      );
      return c.redirect(location, 303);
    });
  }
}

/**
 * The request somebody answers, and who they are; where they sign in first when nobody knows.
 *
 * @throws PageError 410 when the request is over
 */
async function open(c: Visit, host: PageHost): Promise<Asked | string> {
  const { request: id, state } = c.req.query();
  const request =
    state === undefined
      ? connectRequestById(host.database, id ?? '')
      : connectRequestByCompletion(host.database, state);
  if (request === null) throw over();
  const environment = { id: request.environment_id, client_id: request.client_id };
  const context = contextOf(host, environment, c.env);
  if (context.now >= request.expires_at) throw over();
  // Who signs in at the application's own page shows on the way back that it was they.
  const isExternal = loginUriOf(host.database, environment.id) !== null || request.completion_hash !== null;
  if (isExternal && state === undefined) throw over();
  let userId = request.user_id;
  if (userId === null) {
    const session = goesOn(context, await rememberedSession(c, host, environment));
    if (session === null) {
      return host.database.write(() => beginSignIn(context, `${oauthPath}/consent?request=${request.id}`));
    }
    userId = session.user_id;
  }
  return {
    context,
    request,
    application: requireApplication(context, request.application_id),
    user: requireUser(context, userId),
    organizations: organizationsOf(context, userId),
  };
}

function beginSignIn(context: Context, path: string): string {
  return beginFlow(context, {
    target: { kind: 'page', path },
    screen: 'sign-in',
    isForced: false,
    email: null,
    organizationId: null,
    connectionId: null,
    invitationToken: null,
  });
}

function needsNoAnswer({ context, request, application, user, organizations }: Asked): boolean {
  if (organizations.length > 1 || consentOptionsOf(request).length > 0) return false;
  if (application.is_first_party === 1) return true;
  const before = authorizationBetween(context, user.id, application.id);
  if (before === null) return false;
  const granted = grantedScopesOf(before);
  return scopesAsked(request).every((scope) => granted.includes(scope));
}

function allow(asked: Asked, organizationId: string | null, claims: Record<string, string>): string {
  const { context, request, application, user } = asked;
  if (!takeConnectRequest(context, request.id)) throw over();
  const authorization = grant(context, {
    userId: user.id,
    applicationId: application.id,
    organizationId,
    scopes: scopesAsked(request),
    resource: request.resource,
  });
  const code = newGrant(context, 'code', {
    authorization_id: authorization.id,
    redirect_uri: request.redirect_uri,
    scopes: request.scopes,
    nonce: request.nonce,
    code_challenge: request.code_challenge,
    claims: JSON.stringify(claims),
  });
  return backTo(request.redirect_uri, { code, state: request.state });
}

function refuse({ context, request }: Asked): string {
  if (!takeConnectRequest(context, request.id)) throw over();
  return backTo(request.redirect_uri, {
    error: 'access_denied',
    error_description: 'The user does not let the application in.',
    state: request.state,
  });
}

/** @throws PageError 422 */
function organizationFrom({ organizations }: Asked, form: Form): string | null {
  const [only, ...others] = organizations;
  if (others.length === 0) return only?.id ?? null;
  const chosen = organizations.find(({ id }) => id === form.text('organization'));
  if (chosen === undefined) throw new PageError(422, 'No organization was chosen', 'Go back and choose one.');
  return chosen.id;
}

/** @throws PageError 422 for a choice that is not offered */
function claimsFrom({ request }: Asked, form: Form): Record<string, string> {
  return Object.fromEntries(
    consentOptionsOf(request).map((option, at) => {
      const value = form.text(`option-${at}`);
      if (!choicesOf(option).some((choice) => choice.value === value)) {
        throw new PageError(422, 'Something was not chosen', `Go back and choose for ${option.label}.`);
      }
      return [option.claim, value];
    }),
  );
}

function choicesOf(option: ConsentOption): readonly { value: string; label: string }[] {
  return flatten(option.choices);
}

/** Choices come flat, or in groups that the document leaves without a name. */
function flatten(choices: readonly object[]): { value: string; label: string }[] {
  return choices.flatMap((choice) => {
    const {
      value,
      label,
      choices: inner,
    } = choice as { value?: unknown; label?: unknown; choices?: unknown };
    if (Array.isArray(inner)) return flatten(inner as object[]);
    return typeof value === 'string' ? [{ value, label: typeof label === 'string' ? label : value }] : [];
  });
}

function scopesAsked(request: ConnectRequestRow): string[] {
  // Written by this server from a list.
  return JSON.parse(request.scopes) as string[];
}

function consentPage(c: Visit, asked: Asked): Response | Promise<Response> {
  const { request, application, user, organizations } = asked;
  return page(c, {
    title: `Let ${application.name} in`,
    header: html`${application.name}`,
    body: html`<h1>${application.name} asks to be let in</h1>
      <p>You are signed in as <strong>${user.email}</strong>.</p>
      ${application.description === null ? '' : html`<p class="muted">${application.description}</p>`}
      ${
        scopesAsked(request).length === 0
          ? ''
          : html`<p>It would have:</p><ul>${scopesAsked(request).map((scope) => html`<li><code>${scope}</code></li>`)}</ul>`
      }
      <form method="post">${csrfField(c)}
        ${
          organizations.length > 1
            ? select(
                'organization',
                'For which organization',
                organizations.map(({ id, name }) => ({ value: id, label: name })),
              )
            : ''
        }
        ${consentOptionsOf(request).map((option, at) => select(`option-${at}`, option.label, choicesOf(option)))}
        <p class="row"><button name="decision" value="allow">Allow</button>
        <button name="decision" value="deny" class="secondary">Deny</button></p></form>`,
  });
}

function select(name: string, label: string, choices: readonly { value: string; label: string }[]): Html {
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">
    ${choices.map((choice) => html`<option value="${choice.value}">${choice.label}</option>`)}</select></div>`;
}

function over(): PageError {
  return new PageError(410, 'This request is over', 'Go back to the application and begin again.');
}
