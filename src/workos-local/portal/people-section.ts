import type { Hono } from 'hono';
import { html } from 'hono/html';
import { ApiError } from '../kit/errors.ts';
import { flash } from '../pages/flash.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { csrfField, field } from '../pages/page.ts';
import { createInvitation } from '../resources/invitations/invitations.ts';
import {
  membershipsOfOrganization,
  rolesOfMemberships,
} from '../resources/organization-memberships/organization-memberships.table.ts';
import { rolesInOrder } from '../resources/roles/roles.table.ts';
import { usersByIds } from '../resources/users/users.table.ts';
import { portalPage, portalVisit, sectionPath } from './portal-session.ts';

/** The users widget: who is in the organization, and inviting others. */
export function addPeopleSection(app: Hono<PageEnv>, host: PageHost): void {
  const path = sectionPath('people');

  app.get(path, async (c) => {
    const visit = await portalVisit(c, host, 'people');
    const { context, organization } = visit;
    const memberships = membershipsOfOrganization(context, organization.id);
    const ids = memberships.map(({ id }) => id);
    const roles = rolesOfMemberships(context, ids);
    const users = usersByIds(
      context,
      memberships.map(({ user_id: id }) => id),
    );
    return portalPage(
      c,
      visit,
      'people',
      html`<div class="scroll" tabindex="0"><table><thead><tr><th>Who</th><th>Roles</th><th>Status</th></tr></thead><tbody>
      ${memberships.map(
        (row) => html`<tr><td>${users.get(row.user_id)?.email ?? row.user_id}</td>
        <td>${(roles.get(row.id) ?? []).join(', ')}</td><td>${row.status}</td></tr>`,
      )}</tbody></table></div>
      <h2>Invite somebody</h2>
      <form method="post" class="row">${csrfField(c)}
        ${field({ name: 'email', label: 'E-mail address', type: 'email', required: true })}
        <div class="field"><label for="role">Role</label><select id="role" name="role">
        ${rolesInOrder(context, organization.id).map(({ slug, name }) => html`<option value="${slug}">${name}</option>`)}
        </select></div><button>Invite</button></form>`,
    );
  });

  app.post(path, async (c) => {
    const visit = await portalVisit(c, host, 'people');
    const email = c.var.form.text('email');
    try {
      host.database.write(() =>
        createInvitation(visit.context, {
          email,
          organization_id: visit.organization.id,
          role_slug: c.var.form.text('role'),
        }),
      );
      await flash(c, host, 'done', `${email} is invited.`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await flash(c, host, 'failed', error.message);
    }
    return c.redirect(path, 303);
  });
}
