import { html } from 'hono/html';
import {
  createEnvironment,
  deleteEnvironment,
  findEnvironment,
  listEnvironments,
} from '../control/environments.ts';
import { resetEnvironment } from '../control/reset.ts';
import { flash } from '../pages/flash.ts';
import { csrfField, field } from '../pages/page.ts';
import { localAccount } from '../seed/account.ts';
import { type ConsolePart, consolePage, moment, pathTo, sayAsPage } from './frame.ts';

/** Environments and what opens them. */
export const environmentPages: ConsolePart = (app, host) => {
  app.get('/environments', (c) =>
    consolePage(c, host, {
      place: '/environments',
      title: 'Environments',
      environment: null,
      body: html`
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Client ID</th><th scope="col">API key</th><th scope="col">Made</th><th scope="col">Actions</th></tr></thead>
<tbody>${listEnvironments(host).map((row) => {
        const isDefault = row.client_id === localAccount.clientId;
        return html`<tr><td><a href="${pathTo(host, row, '')}">${row.name}</a></td><td><code>${row.client_id}</code></td>
<td>${isDefault ? html`<code>${localAccount.apiKey}</code>` : html`<span class="muted">kept as a hash</span>`}</td>
<td class="narrow">${moment(row.created_at)}</td>
<td class="narrow"><form method="post" class="row">${csrfField(c)}<input type="hidden" name="environment" value="${row.id}">
<button class="secondary small" name="action" value="reset">Reset</button>
${isDefault ? '' : html`<button class="danger small" name="action" value="delete">Delete</button>`}</form></td></tr>`;
      })}</tbody></table></div>
<h2>A new one</h2>
<form method="post" id="create" class="row">${csrfField(c)}
${field({ name: 'name', label: 'Name', required: true, maxlength: 100 })}
<button name="action" value="create">Create</button></form>`,
    }),
  );

  app.post('/environments', async (c) => {
    const { form } = c.var;
    const action = form.text('action');
    if (action === 'create') {
      const made = sayAsPage(() => createEnvironment(host, { name: form.text('name') || 'Environment' }));
      return consolePage(c, host, {
        place: '/environments',
        title: made.name,
        environment: null,
        body: html`<p>The key is shown this once.</p>
<dl><dt>API key</dt><dd><code>${made.api_key}</code></dd><dt>Client ID</dt><dd><code>${made.client_id}</code></dd>
<dt>Base URL</dt><dd><code>${c.env.baseUrl}</code></dd></dl>
<p><a class="button secondary" href="/_local/environments">All environments</a></p>`,
      });
    }
    const environment = sayAsPage(() => findEnvironment(host, form.text('environment')));
    if (action === 'delete' && environment.client_id !== localAccount.clientId) {
      deleteEnvironment(host, environment);
      await flash(c, host, 'done', `Deleted ${environment.name}.`);
    } else if (action === 'reset') {
      resetEnvironment(host, environment, true);
      await flash(c, host, 'done', `${environment.name} is as it was at the first start.`);
    }
    return c.redirect('/_local/environments', 303);
  });
};
