import type { Hono } from 'hono';
import { html } from 'hono/html';
import { flash } from '../pages/flash.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { csrfField, field, notice } from '../pages/page.ts';
import { apiKeyById, apiKeysOfOrganization } from '../resources/api-keys/api-keys.table.ts';
import { createApiKey, revokeApiKey } from '../resources/api-keys/api-keys.ts';
import { type PortalPage, type PortalVisit, portalPage, portalVisit, sectionPath } from './portal-session.ts';

/** The API keys widget: an organization's own keys. */
export function addApiKeysSection(app: Hono<PageEnv>, host: PageHost): void {
  const path = sectionPath('api_keys');

  app.get(path, async (c) => show(c, await portalVisit(c, host, 'api_keys'), null));

  app.post(path, async (c) => {
    const visit = await portalVisit(c, host, 'api_keys');
    const { form } = c.var;
    if (form.text('action') === 'create') {
      const name = form.text('name') || 'API key';
      const { value } = host.database.write(() =>
        createApiKey(visit.context, {
          organizationId: visit.organization.id,
          userId: null,
          name,
          permissions: [],
        }),
      );
      return show(c, visit, value);
    }
    host.database.write(() => {
      const row = apiKeyById(visit.context, form.text('id'));
      if (row?.organization_id === visit.organization.id && row.user_id === null)
        revokeApiKey(visit.context, row);
    });
    await flash(c, host, 'done', 'The key is revoked.');
    return c.redirect(path, 303);
  });
}

/** @param fresh the value of a key that was made now */
function show(c: PortalPage, visit: PortalVisit, fresh: string | null): Response | Promise<Response> {
  const rows = apiKeysOfOrganization(visit.context, visit.organization.id).filter(
    (row) => row.user_id === null,
  );
  return portalPage(
    c,
    visit,
    'api_keys',
    html`${
      fresh === null
        ? ''
        : html`${notice('done', 'Copy the key now: it is shown this once.')}<pre class="api-key">${fresh}</pre>`
    }
    <div class="scroll" tabindex="0"><table><thead><tr><th>Name</th><th>Key</th><th>Made</th><th></th></tr></thead><tbody>
    ${rows.map(
      (row) => html`<tr><td>${row.name}</td><td><code>${row.obfuscated_value}</code></td>
      <td class="narrow">${row.created_at}</td><td class="narrow"><form method="post">${csrfField(c)}
      <input type="hidden" name="id" value="${row.id}"><button name="action" value="revoke" class="danger small">Revoke</button></form></td></tr>`,
    )}</tbody></table></div>
    <form method="post" class="row create">${csrfField(c)}${field({ name: 'name', label: 'Name', required: true })}
      <button name="action" value="create">Make a key</button></form>`,
  );
}
