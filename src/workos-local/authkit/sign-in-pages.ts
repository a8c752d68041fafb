import type { Hono } from 'hono';
import { html } from 'hono/html';
import { isEmailAddress } from '../kit/email-address.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { field, type Html, notice } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';
import { checkMagicCode } from '../resources/authentication/proofs/codes.ts';
import { checkPassword, provePassword } from '../resources/authentication/proofs/password.ts';
import { isRefusal } from '../resources/authentication/proofs/refusal.ts';
import { flowPath } from '../resources/authorization-flows/flow.ts';
import { type Flow, updateFlow } from '../resources/authorization-flows/flows.table.ts';
import { sendMagicAuth } from '../resources/magic-auth/magic-auth.ts';
import { assertMethodOn, settingsOf } from '../resources/sign-in-settings/sign-in-settings.ts';
import { userByEmail } from '../resources/users/users.table.ts';
import { advance, goOn, signInOf } from './advance.ts';
import { deviceOf, inStay, stayOf, type Visit } from './flow-visit.ts';
import { authkitPage, codeField, form, typedCode } from './form-page.ts';
import { invitationNotice } from './invitation-notice.ts';
import { leaveIfRequired } from './sso-pages.ts';

/** The first page: an address, and a password or a code that is sent to it. */
export function signInPage(
  c: Visit,
  host: PageHost,
  flow: Flow,
  typed: { readonly email?: string; readonly problem?: string } = {},
): Response | Promise<Response> {
  const path = flowPath(flow.id);
  const { email = flow.email ?? '', problem } = typed;
  const { password, magic_auth, sign_up } = settingsOf(host.database, flow.environment_id);
  const isOpen = sign_up || flow.request.invitationToken !== null;
  return authkitPage(c, flow, {
    title: 'Sign in',
    isRefused: problem !== undefined,
    body: html`<h1>Sign in</h1>
      ${invitationNotice(host, flow)}
      ${problem === undefined ? '' : notice('failed', problem)}
      ${form(
        c,
        `${path}/${password ? 'password' : 'code'}`,
        html`${field({ name: 'email', label: 'E-mail address', type: 'email', value: email, autocomplete: 'username', required: true, autofocus: email === '' })}
          ${password ? byPassword(email) : ''}
          ${password && magic_auth ? html`<p class="or">or</p>` : ''}
          ${magic_auth ? codeButton(path, password) : ''}
          ${password || magic_auth ? '' : html`<button>Go on to single sign-on</button>`}`,
      )}
      <p class="between">${password ? html`<a href="${path}/forgot">Forgot your password?</a>` : ''}
        ${password && isOpen ? html`<a href="${path}/sign-up">Create an account</a>` : ''}</p>`,
  });
}

function byPassword(email: string): Html {
  return html`${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', autofocus: email !== '' })}
    <button>Sign in</button>`;
}

/** @param isSecond whether it stands below the field of a password */
function codeButton(path: string, isSecond: boolean): Html {
  return isSecond
    ? html`<button class="secondary" formaction="${path}/code" formnovalidate>E-mail me a code</button>`
    : html`<button>E-mail me a code</button>`;
}

export function addSignIn(app: Hono<PageEnv>, host: PageHost): void {
  app.get('/authkit/:flow/sign-in', (c) => signInPage(c, host, stayOf(host, c).flow));

  app.post('/authkit/:flow/password', async (c) => {
    const email = c.var.form.text('email');
    const proof = await provePassword(stayOf(host, c).context, email, c.var.form.exact('password'));
    const outcome = inStay(host, c, (stay) => {
      const elsewhere = leaveIfRequired(c, stay, email);
      if (elsewhere !== null) return { stay, onward: elsewhere };
      assertMethodOn(stay.context, 'Password');
      const user = checkPassword(stay.context, email, proof, deviceOf(c));
      if (isRefusal(user)) return { stay, refusal: user };
      return { stay, onward: advance(stay, signInOf(c, stay.flow, user, 'Password')) };
    });
    if (outcome.onward !== undefined) return goOn(c, host, outcome.stay, outcome.onward);
    return signInPage(c, host, outcome.stay.flow, { email, problem: outcome.refusal.error.message });
  });

  app.post('/authkit/:flow/code', async (c) => {
    const email = c.var.form.text('email');
    if (!isEmailAddress(email)) {
      const problem = 'Type your e-mail address, and a code goes to it.';
      return signInPage(c, host, stayOf(host, c).flow, { email, problem });
    }
    const { stay, onward } = inStay(host, c, (now) => {
      const elsewhere = leaveIfRequired(c, now, email);
      if (elsewhere !== null) return { stay: now, onward: elsewhere };
      assertMethodOn(now.context, 'MagicAuth');
      updateFlow(host.database, { ...now.flow, email });
      const { invitationToken } = now.flow.request;
      const { sign_up } = settingsOf(host.database, now.flow.environment_id);
      // Where nobody new is taken, a stranger gets no code, and does not hear who is one.
      if (sign_up || invitationToken !== null || userByEmail(now.context, email) !== null) {
        sendMagicAuth(now.context, email, invitationToken);
      }
      return { stay: now, onward: { location: `${flowPath(now.flow.id)}/code`, session: null } };
    });
    return goOn(c, host, stay, onward);
  });

  app.get('/authkit/:flow/code', (c) => codePage(c, stayOf(host, c).flow));

  app.post('/authkit/:flow/code/check', async (c) => {
    const outcome = inStay(host, c, (stay) => {
      const proof = checkMagicCode(stay.context, stay.flow.email ?? '', typedCode(c), deviceOf(c));
      if (isRefusal(proof)) return { stay, refusal: proof };
      const invitation = proof.invitationToken ?? stay.flow.request.invitationToken;
      return { stay, onward: advance(stay, signInOf(c, stay.flow, proof.user, 'MagicAuth', invitation)) };
    });
    if (outcome.onward !== undefined) return goOn(c, host, outcome.stay, outcome.onward);
    return codePage(c, outcome.stay.flow, outcome.refusal.error.message);
  });
}

function codePage(c: Visit, flow: Flow, problem?: string): Response | Promise<Response> {
  if (flow.email === null) throw new PageError(409, 'No code was sent', 'Go back and type your address.');
  const path = flowPath(flow.id);
  return authkitPage(c, flow, {
    title: 'Check your e-mail',
    isRefused: problem !== undefined,
    body: html`<h1>Check your e-mail</h1>
      <p>A code of six digits went to <strong>${flow.email}</strong>. It is good for ten minutes.</p>
      ${form(c, `${path}/code/check`, html`${codeField(problem)}<button>Sign in</button>`)}
      ${form(c, `${path}/code`, html`<input type="hidden" name="email" value="${flow.email}"><p><button class="link">Send another code</button></p>`)}
      <p><a href="${path}/sign-in">Sign in another way</a></p>`,
  });
}
