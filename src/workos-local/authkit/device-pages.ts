import type { Hono } from 'hono';
import { html } from 'hono/html';
import { environmentById } from '../kit/environments.ts';
import { contextOf } from '../pages/context-of.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { field, notice } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';
import { beginFlow } from '../resources/authorization-flows/flow.ts';
import {
  type DeviceAuthorizationRow,
  deviceAuthorizationByUserCode,
  updateDeviceAuthorization,
} from '../resources/device-authorizations/device-authorizations.table.ts';
import { userCodeOf } from '../resources/device-authorizations/device-authorizations.ts';
import type { SessionRow } from '../resources/sessions/sessions.table.ts';
import { requireUser } from '../resources/users/users.table.ts';
import { goesOn, rememberedSession } from './browser-session.ts';
import type { Visit } from './flow-visit.ts';
import { authkitPage, form } from './form-page.ts';

/** Where a user confirms a device that has no browser of its own (RFC 8628). */
export function addDevice(app: Hono<PageEnv>, host: PageHost): void {
  app.get('/device', async (c) => {
    const typed = c.req.query('user_code');
    if (typed === undefined) return entryPage(c);
    const found = waiting(host, typed);
    if (found === null) return entryPage(c, typed);
    const { row, environment } = found;
    const remembered = await rememberedSession(c, host, environment);
    const context = contextOf(host, environment, c.env);
    const session = goesOn(context, remembered);
    if (session !== null) return confirmPage(c, row, requireUser(context, session.user_id).email);
    const first = host.database.write(() =>
      beginFlow(contextOf(host, environment, c.env), {
        target: { kind: 'page', path: `/device?user_code=${row.user_code}` },
        screen: 'sign-in',
        isForced: false,
        email: null,
        organizationId: null,
        invitationToken: null,
        connectionId: null,
      }),
    );
    return c.redirect(first, 303);
  });

  app.post('/device', async (c) => {
    const found = waiting(host, c.var.form.text('user_code'));
    if (found === null) return entryPage(c, c.var.form.text('user_code'));
    const remembered = await rememberedSession(c, host, found.environment);
    const isApproved = c.var.form.text('answer') === 'confirm';
    host.database.write(() => {
      const again = waiting(host, found.row.user_code);
      const session = goesOn(contextOf(host, found.environment, c.env), remembered);
      if (again === null || session === null) {
        throw new PageError(409, 'That is no longer possible', 'Begin again on your device.');
      }
      updateDeviceAuthorization(host.database, answered(again.row, isApproved ? session : null));
    });
    const title = isApproved ? 'Your device is signed in' : 'The device is not signed in';
    return authkitPage(c, null, {
      title,
      body: html`<h1>${title}</h1><p>You can close this window and go on there.</p>`,
    });
  });

  /** A request of a device that can still be answered. */
  function waiting(pages: PageHost, typed: string) {
    const row = deviceAuthorizationByUserCode(pages.database, userCodeOf(typed));
    const environment = row === null ? null : environmentById(pages.database, row.environment_id);
    if (row === null || environment === null || row.state !== 'pending') return null;
    return new Date(pages.clock.now()).toISOString() < row.expires_at ? { row, environment } : null;
  }
}

function answered(row: DeviceAuthorizationRow, session: SessionRow | null): DeviceAuthorizationRow {
  if (session === null) return { ...row, state: 'denied' };
  return { ...row, state: 'approved', session_id: session.id };
}

function entryPage(c: Visit, typed?: string): Response | Promise<Response> {
  return authkitPage(c, null, {
    title: 'Sign in on a device',
    isRefused: typed !== undefined,
    body: html`<h1>Sign in on a device</h1>
      ${typed === undefined ? '' : notice('failed', 'This code is not right, or has expired.')}
      <form method="get" action="/device">
        ${field({ name: 'user_code', label: 'The code your device shows', value: typed ?? '', autocomplete: 'off', maxlength: 20, required: true, autofocus: true })}
        <button>Go on</button></form>`,
  });
}

function confirmPage(c: Visit, row: DeviceAuthorizationRow, email: string): Response | Promise<Response> {
  return authkitPage(c, null, {
    title: 'Confirm your device',
    body: html`<h1>Confirm your device</h1>
      <p>Does your device show this code? It will be signed in as <strong>${email}</strong>.</p>
      <pre>${row.user_code}</pre>
      ${form(
        c,
        '/device',
        html`<input type="hidden" name="user_code" value="${row.user_code}">
          <p><button name="answer" value="confirm">Yes, confirm</button></p>
          <button class="secondary" name="answer" value="deny">No, it does not</button>`,
      )}`,
  });
}
