import type { Hono } from 'hono';
import { html } from 'hono/html';
import { flash } from '../pages/flash.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { csrfField, field, type Html, notice } from '../pages/page.ts';
import {
  countsOfDirectories,
  type DirectoryRow,
  type DirectoryType,
  directoriesOfOrganization,
  directoryById,
} from '../resources/directories/directories.table.ts';
import { createDirectory, removeDirectory, renewBearerToken } from '../resources/directories/directory.ts';
import { scimPath } from '../scim/scim-path.ts';
import {
  finishLink,
  type PortalPage,
  type PortalVisit,
  portalPage,
  portalVisit,
  sectionPath,
} from './portal-session.ts';

/** The providers that speak SCIM. */
const providers: readonly (readonly [type: DirectoryType, name: string])[] = [
  ['okta scim v2.0', 'Okta'],
  ['azure scim v2.0', 'Entra ID'],
  ['onelogin scim v2.0', 'OneLogin'],
  ['jump cloud scim v2.0', 'JumpCloud'],
  ['pingfederate scim v2.0', 'PingFederate'],
  ['cyberark scim v2.0', 'CyberArk'],
  ['generic scim v2.0', 'Another one'],
];

/** A bearer token that has just been made: it is shown now and never again. */
interface NewToken {
  readonly directoryId: string;
  readonly token: string;
}

/** Sets up where an organization's people come from. */
export function addDirectorySection(app: Hono<PageEnv>, host: PageHost): void {
  const path = sectionPath('dsync');

  app.get(path, async (c) => show(c, await portalVisit(c, host, 'dsync'), null));

  app.post(path, async (c) => {
    const visit = await portalVisit(c, host, 'dsync');
    const { form } = c.var;
    const outcome = host.database.write(() => act(visit, form.text('action'), form));
    if (outcome !== null) return show(c, visit, outcome);
    await flash(c, host, 'done', 'The directory is deleted, with all that was in it.');
    return c.redirect(path, 303);
  });
}

/** @returns a token to show; null when something was deleted */
function act(visit: PortalVisit, action: string, form: { text(name: string): string }): NewToken | null {
  const { context, organization } = visit;
  if (action === 'create') {
    const [type] = providers.find(([each]) => each === form.text('type')) ?? ['generic scim v2.0' as const];
    const name = form.text('name');
    const made = createDirectory(context, {
      organizationId: organization.id,
      type,
      ...(name === '' ? {} : { name }),
    });
    return { directoryId: made.row.id, token: made.bearerToken };
  }
  const row = directoryById(context, form.text('directory'));
  if (row === null || row.organization_id !== organization.id) return null;
  if (action === 'renew') return { directoryId: row.id, token: renewBearerToken(context, row.id) };
  if (action === 'delete') removeDirectory(context, row);
  return null;
}

function show(c: PortalPage, visit: PortalVisit, fresh: NewToken | null): Response | Promise<Response> {
  const rows = directoriesOfOrganization(visit.context, visit.organization.id);
  return portalPage(
    c,
    visit,
    'dsync',
    html`${rows.map((row) => directoryCard(c, visit, row, fresh))}
    ${rows.length > 0 ? finishLink(visit) : ''}
    ${
      rows.length > 0
        ? ''
        : html`<p>Your provider tells who joins, changes and leaves.</p>
      <form method="post">${csrfField(c)}
        <div class="field"><label for="type">Directory provider</label>
        <select id="type" name="type">${providers.map(
          ([type, name]) => html`<option value="${type}">${name}</option>`,
        )}</select></div>
        ${field({ name: 'name', label: 'Name', hint: 'The organization’s name unless you say another one' })}
        <p><button name="action" value="create">Create the directory</button></p></form>`
    }`,
  );
}

function directoryCard(c: PortalPage, visit: PortalVisit, row: DirectoryRow, fresh: NewToken | null): Html {
  const counts = countsOfDirectories(visit.context, [row.id]).get(row.id);
  const isFresh = fresh?.directoryId === row.id;
  return html`<section><h2>${row.name} <span class="badge good">${row.state}</span></h2>
    ${isFresh ? notice('done', 'Copy the bearer token now: it is shown this once.') : ''}
    <dl><dt>Provider</dt><dd>${row.type}</dd>
    <dt>SCIM URL</dt><dd><code class="scim-url">${c.env.baseUrl}${scimPath}/${row.id}</code></dd>
    <dt>Bearer token</dt><dd>${isFresh ? html`<code class="scim-token">${fresh.token}</code>` : 'kept as a hash'}</dd>
    <dt>In it</dt><dd>${counts?.active ?? 0} people, ${counts?.groups ?? 0} groups</dd></dl>
    <form method="post" class="row">${csrfField(c)}<input type="hidden" name="directory" value="${row.id}">
      <button name="action" value="renew" class="secondary">New bearer token</button>
      <button name="action" value="delete" class="danger">Delete</button></form></section>`;
}
