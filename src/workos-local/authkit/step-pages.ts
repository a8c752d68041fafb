import type { Hono } from 'hono';
import { html } from 'hono/html';
import { flash } from '../pages/flash.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { PageError } from '../pages/page-error.ts';
import { loadTotp } from '../resources/auth-factors/totp.ts';
import { checkEmailCode, checkSecondFactor } from '../resources/authentication/proofs/codes.ts';
import { isRefusal } from '../resources/authentication/proofs/refusal.ts';
import { type Choice, type NextStep, organizationsOf } from '../resources/authentication/sign-in.ts';
import { flowPath } from '../resources/authorization-flows/flow.ts';
import type { Flow } from '../resources/authorization-flows/flows.table.ts';
import { sendEmailVerification } from '../resources/users/email-verification.ts';
import { requireUser } from '../resources/users/users.table.ts';
import { advance, goOn } from './advance.ts';
import { enrollmentPage } from './enrollment-page.ts';
import { deviceOf, inStay, requireSignIn, type Stay, type Visit } from './flow-visit.ts';
import { authkitPage, codeField, form, typedCode } from './form-page.ts';

export type OpenStep = Exclude<NextStep, { kind: 'done' }>;

/** The page of what is left for somebody who has shown who they are. */
export function stepPage(c: Visit, host: PageHost, stay: Stay, step: OpenStep): Response | Promise<Response> {
  const { flow } = stay;
  switch (step.kind) {
    case 'email_verification':
      return emailPage(c, flow, step.user.email);
    case 'second_factor':
      return secondFactorPage(c, flow);
    case 'enrollment':
      return enrollmentPage(c, host, stay, { email: step.user.email });
    case 'organization':
      return organizationPage(c, flow, step.organizations);
  }
}

export function addSteps(app: Hono<PageEnv>, host: PageHost): void {
  app.post('/authkit/:flow/verify-email', async (c) => {
    const outcome = inStay(host, c, (stay) => {
      const signIn = requireSignIn(stay);
      const proof = checkEmailCode(stay.context, signIn.userId, typedCode(c), deviceOf(c));
      if (!isRefusal(proof)) return { stay, onward: advance(stay, signIn) };
      return { stay, refusal: proof, email: requireUser(stay.context, signIn.userId).email };
    });
    if (outcome.onward !== undefined) return goOn(c, host, outcome.stay, outcome.onward);
    return emailPage(c, outcome.stay.flow, outcome.email, outcome.refusal.error.message);
  });

  app.post('/authkit/:flow/verify-email/resend', async (c) => {
    const path = inStay(host, c, (stay) => {
      const user = requireUser(stay.context, requireSignIn(stay).userId);
      if (user.email_verified === 0) sendEmailVerification(stay.context, user);
      return flowPath(stay.flow.id);
    });
    await flash(c, host, 'done', 'Another code is on its way.');
    return c.redirect(path, 303);
  });

  app.post('/authkit/:flow/second-factor', async (c) => {
    const totp = await loadTotp();
    const outcome = inStay(host, c, (stay) => {
      const signIn = requireSignIn(stay);
      const answer = { challengeId: stay.flow.challenge_id ?? '', code: typedCode(c) };
      const proof = checkSecondFactor(stay.context, signIn.userId, answer, deviceOf(c), totp);
      if (isRefusal(proof)) return { stay, refusal: proof };
      return { stay, onward: advance(stay, { ...signIn, hasSecondFactor: true }) };
    });
    if (outcome.onward !== undefined) return goOn(c, host, outcome.stay, outcome.onward);
    return secondFactorPage(c, outcome.stay.flow, outcome.refusal.error.message);
  });

  app.post('/authkit/:flow/organization', async (c) => {
    const chosen = c.var.form.text('organization_id');
    const outcome = inStay(host, c, (stay) => {
      const signIn = requireSignIn(stay);
      if (!organizationsOf(stay.context, signIn.userId).some(({ id }) => id === chosen)) {
        throw new PageError(422, 'Not one of yours', 'Go back and choose an organization of the list.');
      }
      return { stay, onward: advance(stay, { ...signIn, organizationId: chosen }) };
    });
    return goOn(c, host, outcome.stay, outcome.onward);
  });
}

function emailPage(c: Visit, flow: Flow, email: string, problem?: string): Response | Promise<Response> {
  const path = flowPath(flow.id);
  return authkitPage(c, flow, {
    title: 'Verify your e-mail address',
    isRefused: problem !== undefined,
    body: html`<h1>Verify your e-mail address</h1>
      <p>A code of six digits went to <strong>${email}</strong>. It is good for ten minutes.</p>
      ${form(c, `${path}/verify-email`, html`${codeField(problem)}<button>Verify</button>`)}
      ${form(c, `${path}/verify-email/resend`, html`<p><button class="link">Send another code</button></p>`)}`,
  });
}

function secondFactorPage(c: Visit, flow: Flow, problem?: string): Response | Promise<Response> {
  const path = flowPath(flow.id);
  return authkitPage(c, flow, {
    title: 'One more code',
    isRefused: problem !== undefined,
    body: html`<h1>One more code</h1>
      <p>Type the code that your authenticator shows.</p>
      ${form(c, `${path}/second-factor`, html`${codeField(problem)}<button>Go on</button>`)}
      <p><a href="${path}/sign-in">Sign in another way</a></p>`,
  });
}

function organizationPage(c: Visit, flow: Flow, choices: readonly Choice[]): Response | Promise<Response> {
  return authkitPage(c, flow, {
    title: 'Choose an organization',
    body: html`<h1>Choose an organization</h1>
      <p>You are a member of several.</p>
      ${form(
        c,
        `${flowPath(flow.id)}/organization`,
        html`<ul class="choices">${choices.map(
          ({ id, name }) => html`<li><button name="organization_id" value="${id}">${name}</button></li>`,
        )}</ul>`,
      )}`,
  });
}
