import type { Hono } from 'hono';
import { html } from 'hono/html';
import { environmentById } from '../kit/environments.ts';
import { ApiError } from '../kit/errors.ts';
import { contextOf } from '../pages/context-of.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { field } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';
import { flowPath } from '../resources/authorization-flows/flow.ts';
import type { Flow } from '../resources/authorization-flows/flows.table.ts';
import { environmentOfResetToken } from '../resources/password-resets/password-resets.table.ts';
import {
  passwordToSet,
  requireOpen,
  resetPassword,
  sendPasswordReset,
} from '../resources/password-resets/password-resets.ts';
import { userByEmail } from '../resources/users/users.table.ts';
import { inStay, stayOf, type Visit } from './flow-visit.ts';
import { authkitPage, form } from './form-page.ts';

export function addPasswords(app: Hono<PageEnv>, host: PageHost): void {
  app.get('/authkit/reset-password', (c) => {
    const token = c.req.query('token') ?? '';
    requireOpen(contextOfToken(host, c, token), token);
    return resetPage(c, token);
  });

  app.post('/authkit/reset-password', async (c) => {
    const token = c.var.form.text('token');
    const context = contextOfToken(host, c, token);
    const sent = c.var.form.exact('password');
    const password = await passwordToSet(context, token, sent).catch((error: unknown) => {
      if (error instanceof ApiError) return error;
      throw error;
    });
    if (password instanceof ApiError) return resetPage(c, token, password.message);
    host.database.write(() => resetPassword(contextOfToken(host, c, token), token, password));
    return authkitPage(c, null, {
      title: 'Your password is set',
      body: html`<h1>Your password is set</h1>
        <p>Go back to the application and sign in with it. Wherever you were signed in, you are not any more.</p>`,
    });
  });

  app.get('/authkit/:flow/forgot', (c) => forgotPage(c, stayOf(host, c).flow));

  app.post('/authkit/:flow/forgot', (c) => {
    const email = c.var.form.text('email');
    const flow = inStay(host, c, (stay) => {
      const user = userByEmail(stay.context, email);
      if (user !== null) sendPasswordReset(stay.context, user);
      return stay.flow;
    });
    return authkitPage(c, flow, {
      title: 'Check your e-mail',
      body: html`<h1>Check your e-mail</h1>
        <p>If there is an account with the address <strong>${email}</strong>, a link to set a new password went to it.</p>
        <p><a href="${flowPath(flow.id)}/sign-in">Back to sign in</a></p>`,
    });
  });
}

function forgotPage(c: Visit, flow: Flow): Response | Promise<Response> {
  const path = flowPath(flow.id);
  return authkitPage(c, flow, {
    title: 'Forgot your password?',
    body: html`<h1>Forgot your password?</h1>
      <p>A link to set a new one goes to your address.</p>
      ${form(
        c,
        `${path}/forgot`,
        html`${field({ name: 'email', label: 'E-mail address', type: 'email', value: flow.email ?? '', autocomplete: 'username', required: true })}
          <button>Send the link</button>`,
      )}
      <p><a href="${path}/sign-in">Back to sign in</a></p>`,
  });
}

function resetPage(c: Visit, token: string, problem?: string): Response | Promise<Response> {
  return authkitPage(c, null, {
    title: 'Set a new password',
    isRefused: problem !== undefined,
    body: html`<h1>Set a new password</h1>
      ${form(
        c,
        '/authkit/reset-password',
        html`<input type="hidden" name="token" value="${token}">
          ${field({ name: 'password', label: 'New password', type: 'password', autocomplete: 'new-password', required: true, autofocus: true, hint: 'Ten characters or more.', ...(problem === undefined ? {} : { problem }) })}
          <button>Set password</button>`,
      )}`,
  });
}

function contextOfToken(host: PageHost, c: Visit, token: string) {
  const environment = environmentById(host.database, environmentOfResetToken(host.database, token) ?? '');
  if (environment === null) {
    throw new PageError(404, 'This link is not right', 'Ask for another one where you sign in.');
  }
  return contextOf(host, environment, c.env);
}
