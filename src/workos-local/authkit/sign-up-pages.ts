import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Context } from '../kit/context.ts';
import { isEmailAddress } from '../kit/email-address.ts';
import { ApiError } from '../kit/errors.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { field, notice } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';
import { assertOpenInvitation } from '../resources/authentication/redeem-invitation.ts';
import { flowPath } from '../resources/authorization-flows/flow.ts';
import type { Flow } from '../resources/authorization-flows/flows.table.ts';
import { settingsOf } from '../resources/sign-in-settings/sign-in-settings.ts';
import { newPassword } from '../resources/users/password.ts';
import { userByEmail } from '../resources/users/users.table.ts';
import { createUser } from '../resources/users/users.ts';
import { advance, goOn, signInOf } from './advance.ts';
import { inStay, stayOf, type Visit } from './flow-visit.ts';
import { authkitPage, form } from './form-page.ts';
import { invitationNotice } from './invitation-notice.ts';
import { leaveIfRequired } from './sso-pages.ts';

interface Typed {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

type Problems = Partial<Record<'email' | 'password', string>>;

export function addSignUp(app: Hono<PageEnv>, host: PageHost): void {
  app.get('/authkit/:flow/sign-up', (c) => {
    const { flow, context } = stayOf(host, c);
    assertOpenFor(context, flow);
    return signUpPage(c, host, flow, { email: flow.email ?? '', firstName: '', lastName: '' });
  });

  app.post('/authkit/:flow/sign-up', async (c) => {
    const { form: sent } = c.var;
    const typed: Typed = {
      email: sent.text('email'),
      firstName: sent.text('first_name'),
      lastName: sent.text('last_name'),
    };
    const { flow, context } = stayOf(host, c);
    assertOpenFor(context, flow);
    const again = (problems: Problems) => signUpPage(c, host, flow, typed, problems);
    if (!isEmailAddress(typed.email)) return again({ email: 'This is no e-mail address.' });
    const left = inStay(host, c, (stay) => ({ stay, onward: leaveIfRequired(c, stay, typed.email) }));
    if (left.onward !== null) return goOn(c, host, left.stay, left.onward);
    if (userByEmail(context, typed.email) !== null) return again({ email: taken });
    const password = await hashed(sent.exact('password'), typed);
    if (typeof password === 'string') return again({ password });
    const outcome = inStay(host, c, (stay) => {
      const { invitationToken } = stay.flow.request;
      if (invitationToken !== null) assertOpenInvitation(stay.context, invitationToken);
      // Somebody else may have taken the address in the meantime.
      if (userByEmail(stay.context, typed.email) !== null) return { stay };
      const body = { email: typed.email, first_name: typed.firstName, last_name: typed.lastName };
      const user = createUser(stay.context, body, password);
      return { stay, onward: advance(stay, signInOf(c, stay.flow, user, 'Password')) };
    });
    if (outcome.onward === undefined) return again({ email: taken });
    return goOn(c, host, outcome.stay, outcome.onward);
  });
}

/** @throws PageError where nobody new is taken, or nobody by a password */
function assertOpenFor(context: Context, flow: Flow): void {
  const { sign_up, password } = settingsOf(context.database, context.environment.id);
  if (password && (sign_up || flow.request.invitationToken !== null)) return;
  throw new PageError(
    403,
    'There is no signing up here',
    password ? 'New accounts are made by invitation alone.' : 'Sign in without a password instead.',
  );
}

const taken = 'There is an account with this address already. Sign in with it.';

/** A password in the form in which it is kept, or what is wrong with it. */
async function hashed(password: string, typed: Typed) {
  const user = { email: typed.email, first_name: typed.firstName, last_name: typed.lastName };
  try {
    return await newPassword(
      password,
      user,
      (problems) =>
        new ApiError(400, { code: 'weak', message: problems.map(({ message }) => message).join(' ') }),
    );
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

function signUpPage(
  c: Visit,
  host: PageHost,
  flow: Flow,
  typed: Typed,
  problems: Problems = {},
): Response | Promise<Response> {
  const path = flowPath(flow.id);
  return authkitPage(c, flow, {
    title: 'Create an account',
    isRefused: Object.keys(problems).length > 0,
    body: html`<h1>Create an account</h1>
      ${invitationNotice(host, flow)}
      ${Object.keys(problems).length === 0 ? '' : notice('failed', 'Look at the fields below.')}
      ${form(
        c,
        `${path}/sign-up`,
        html`<div class="row">
          ${field({ name: 'first_name', label: 'First name', value: typed.firstName, autocomplete: 'given-name', maxlength: 100 })}
          ${field({ name: 'last_name', label: 'Last name', value: typed.lastName, autocomplete: 'family-name', maxlength: 100 })}
          </div>
          ${field({ name: 'email', label: 'E-mail address', type: 'email', value: typed.email, autocomplete: 'username', required: true, ...problem(problems.email) })}
          ${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password', required: true, hint: 'Ten characters or more.', ...problem(problems.password) })}
          <button>Create account</button>`,
      )}
      <p>You have one? <a href="${path}/sign-in">Sign in</a></p>`,
  });
}

function problem(text: string | undefined) {
  return text === undefined ? {} : { problem: text };
}
