import type { Hono } from 'hono';
import { html } from 'hono/html';
import { flash } from '../pages/flash.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { csrfField, field, type Html, notice } from '../pages/page.ts';
import { actOnConnection, createConnection, removeConnection } from '../resources/connections/connection.ts';
import {
  type ConnectionRow,
  type ConnectionType,
  connectionById,
  connectionsOfOrganization,
} from '../resources/connections/connections.table.ts';
import { isVerified } from '../resources/organization-domains/organization-domain.machine.ts';
import { domainsOfOrganizations } from '../resources/organization-domains/organization-domains.table.ts';
import { intentOptionsOf } from '../resources/portal/portal-links.table.ts';
import {
  finishLink,
  type PortalPage,
  type PortalVisit,
  portalPage,
  portalVisit,
  sectionPath,
} from './portal-session.ts';

/** The providers the portal offers. Behind each stands the test identity provider. */
const providers: readonly (readonly [type: ConnectionType, name: string])[] = [
  ['OktaSAML', 'Okta'],
  ['AzureSAML', 'Entra ID (SAML)'],
  ['EntraIdOIDC', 'Entra ID (OpenID Connect)'],
  ['GoogleSAML', 'Google'],
  ['OneLoginSAML', 'OneLogin'],
  ['JumpCloudSAML', 'JumpCloud'],
  ['PingOneSAML', 'PingOne'],
  ['KeycloakSAML', 'Keycloak'],
  ['GenericSAML', 'Another one, by SAML'],
  ['GenericOIDC', 'Another one, by OpenID Connect'],
];

/** Sets up how an organization signs in. */
export function addSsoSection(app: Hono<PageEnv>, host: PageHost): void {
  const path = sectionPath('sso');

  app.get(path, async (c) => {
    const visit = await portalVisit(c, host, 'sso');
    return show(c, visit);
  });

  app.post(path, async (c) => {
    const visit = await portalVisit(c, host, 'sso');
    const { form } = c.var;
    const said = host.database.write(() => act(visit, form.text('action'), form.text('connection'), form));
    await flash(c, host, said.kind, said.text);
    return c.redirect(path, 303);
  });
}

interface Said {
  readonly kind: 'done' | 'failed';
  readonly text: string;
}

function act(visit: PortalVisit, action: string, id: string, form: { text(name: string): string }): Said {
  const { context, organization } = visit;
  if (action === 'create') {
    const offered = providersFor(visit).find(([type]) => type === form.text('type'));
    if (offered === undefined) return { kind: 'failed', text: 'Choose a provider.' };
    const name = form.text('name');
    createConnection(context, {
      organizationId: organization.id,
      type: offered[0],
      state: 'draft',
      ...(name === '' ? {} : { name }),
    });
    return { kind: 'done', text: 'The connection is a draft: activate it to sign in by it.' };
  }
  const row = connectionById(context, id);
  if (row === null || row.organization_id !== organization.id) {
    return { kind: 'failed', text: 'The connection is not there any more.' };
  }
  if (action === 'delete') {
    removeConnection(context, row.id);
    return { kind: 'done', text: 'The connection is deleted.' };
  }
  if (action === 'deactivate') {
    actOnConnection(context, row, 'deactivate');
    return { kind: 'done', text: 'The connection is off: nobody signs in by it.' };
  }
  if (!mayActivate(visit))
    return { kind: 'failed', text: 'Verify a domain first: it tells whose people may sign in.' };
  actOnConnection(context, row, 'activate');
  return { kind: 'done', text: 'The connection is active.' };
}

/** Without a domain of its own an organization could let nobody in, unless it lets in everybody. */
function mayActivate({ context, organization }: PortalVisit): boolean {
  if (organization.allow_profiles_outside_organization === 1) return true;
  const domains = domainsOfOrganizations(context, [organization.id]).get(organization.id) ?? [];
  return domains.some(({ state }) => isVerified(state));
}

function providersFor({ link }: PortalVisit) {
  const wanted = intentOptionsOf(link).sso?.provider_type;
  return wanted === undefined ? providers : providers.filter(([type]) => type === wanted);
}

function show(c: PortalPage, visit: PortalVisit): Response | Promise<Response> {
  const rows = connectionsOfOrganization(visit.context, visit.organization.id);
  return portalPage(
    c,
    visit,
    'sso',
    html`${mayActivate(visit) ? '' : notice('note', 'No domain is verified yet: until one is, no connection can be activated.')}
    ${rows.map((row) => connectionCard(c, row))}
    ${rows.some(({ state }) => state === 'active') ? finishLink(visit) : ''}
    ${
      rows.length > 0
        ? ''
        : html`<p>Your people sign in with the identity provider they have already.</p>
      <form method="post">${csrfField(c)}
        <div class="field"><label for="type">Identity provider</label>
        <select id="type" name="type">${providersFor(visit).map(
          ([type, name]) => html`<option value="${type}">${name}</option>`,
        )}</select></div>
        ${field({ name: 'name', label: 'Name', hint: 'The organization’s name unless you say another one' })}
        <p><button name="action" value="create">Create the connection</button></p></form>`
    }`,
  );
}

function connectionCard(c: PortalPage, row: ConnectionRow): Html {
  const isActive = row.state === 'active';
  return html`<section><h2>${row.name} <span class="badge ${isActive ? 'good' : ''}">${row.state}</span></h2>
    <dl><dt>Provider</dt><dd>${row.connection_type}</dd><dt>Id</dt><dd><code>${row.id}</code></dd>
    <dt>Sign-in URL</dt><dd><code>${c.env.baseUrl}/sso/authorize?connection=${row.id}&amp;…</code></dd></dl>
    <form method="post" class="row">${csrfField(c)}<input type="hidden" name="connection" value="${row.id}">
      ${
        isActive
          ? html`<button name="action" value="deactivate" class="secondary">Deactivate</button>`
          : html`<button name="action" value="activate">Activate</button>`
      }
      <button name="action" value="delete" class="danger">Delete</button></form></section>`;
}
