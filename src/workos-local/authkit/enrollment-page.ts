import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { PageError } from '../pages/page-error.ts';
import { enrollTotp } from '../resources/auth-factors/auth-factor.ts';
import { keepLastStep } from '../resources/auth-factors/auth-factors.table.ts';
import { defaultIssuer, loadQrCodes, loadTotp } from '../resources/auth-factors/totp.ts';
import { tellFailure, tellSuccess } from '../resources/authentication/authentication-events.ts';
import { reasonOf } from '../resources/authentication/proofs/refusal.ts';
import { nextStep } from '../resources/authentication/sign-in.ts';
import { flowPath } from '../resources/authorization-flows/flow.ts';
import { advance, goOn, takeStep } from './advance.ts';
import { deviceOf, inStay, requireSignIn, type Stay, stayOf, type Visit } from './flow-visit.ts';
import { authkitPage, codeField, form, typedCode } from './form-page.ts';

/** Where an environment asks everybody for a second factor: the page on which somebody without one enrolls theirs. */
export async function enrollmentPage(
  c: Visit,
  host: PageHost,
  { flow }: Stay,
  { email, secret, problem }: { readonly email: string; readonly secret?: string; readonly problem?: string },
): Promise<Response> {
  const [totp, qrCode] = await Promise.all([loadTotp(), loadQrCodes()]);
  // The factor is made when its first code is right: whoever leaves in between has none they could not answer.
  const shown = secret ?? totp.newSecret(host.random);
  const uri = totp.uri({ issuer: defaultIssuer, user: email, secret: shown });
  return authkitPage(c, flow, {
    title: 'Set up your second factor',
    isRefused: problem !== undefined,
    body: html`<h1>Set up your second factor</h1>
      <p>Scan this with an authenticator app, and type the code it shows.</p>
      <img class="qr" src="${qrCode(uri)}" alt="The QR code of your account">
      <details><summary>Type the key instead</summary><p><code>${shown}</code></p></details>
      ${form(c, `${flowPath(flow.id)}/enroll`, html`<input type="hidden" name="secret" value="${shown}">${codeField(problem)}<button>Go on</button>`)}`,
  });
}

export function addEnrollment(app: Hono<PageEnv>, host: PageHost): void {
  app.post('/authkit/:flow/enroll', async (c) => {
    const secret = c.var.form.text('secret');
    const totp = await loadTotp();
    if (!totp.isSecret(secret))
      throw new PageError(422, 'That is no key', 'Go back and open the page again.');
    const outcome = inStay(host, c, (stay) => {
      const signIn = requireSignIn(stay);
      const step = nextStep(stay.context, signIn);
      // Another window was faster: the factor that is there now is asked for.
      if (step.kind !== 'enrollment') return { stay, onward: takeStep(stay, signIn, step) };
      const moment = totp.stepOf(secret, typedCode(c), stay.context.time);
      if (moment === null) {
        tellFailure(stay.context, 'mfa', step.user, deviceOf(c), reasonOf('wrong'));
        return { stay, email: step.user.email };
      }
      const account = { userId: step.user.id, issuer: defaultIssuer, user: step.user.email, secret };
      keepLastStep(stay.context, enrollTotp(stay.context, account, totp).id, moment);
      tellSuccess(stay.context, 'mfa', step.user, deviceOf(c));
      return { stay, onward: advance(stay, { ...signIn, hasSecondFactor: true }) };
    });
    if (outcome.onward !== undefined) return goOn(c, host, outcome.stay, outcome.onward);
    const problem = reasonOf('wrong').message;
    return enrollmentPage(c, host, stayOf(host, c), { email: outcome.email, secret, problem });
  });
}
