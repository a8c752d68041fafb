import type { Hono } from 'hono';
import { html } from 'hono/html';
import { ApiError } from '../kit/errors.ts';
import { flash } from '../pages/flash.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { csrfField, field, type Html } from '../pages/page.ts';
import { domainName } from '../resources/organization-domains/domain-name.ts';
import { isVerified, stateAt } from '../resources/organization-domains/organization-domain.machine.ts';
import {
  type DomainRow,
  domainById,
  domainOfOrganization,
  domainsOfOrganizations,
} from '../resources/organization-domains/organization-domains.table.ts';
import {
  addDomain,
  removeDomain,
  verifyDomain,
} from '../resources/organization-domains/organization-domains.ts';
import { intentOptionsOf } from '../resources/portal/portal-links.table.ts';
import {
  finishLink,
  type PortalPage,
  type PortalVisit,
  portalPage,
  portalVisit,
  sectionPath,
} from './portal-session.ts';

/** Shows that domains are an organization's own. */
export function addDomainSection(app: Hono<PageEnv>, host: PageHost): void {
  const path = sectionPath('domain_verification');

  app.get(path, async (c) => {
    const visit = await portalVisit(c, host, 'domain_verification');
    // A link for one domain goes straight to its record.
    const wanted = intentOptionsOf(visit.link).domain_verification?.domain_name?.toLowerCase();
    if (wanted !== undefined && domainOfOrganization(visit.context, visit.organization.id, wanted) === null) {
      host.database.write(() => addDomain(visit.context, visit.organization.id, wanted, 'pending'));
    }
    return show(c, visit, wanted ?? null, null);
  });

  app.post(path, async (c) => {
    const visit = await portalVisit(c, host, 'domain_verification');
    const { form } = c.var;
    const action = form.text('action');
    if (action === 'add') {
      const problem = host.database.write(() => add(visit, form.text('domain')));
      if (problem !== null) return show(c, visit, null, problem);
      return c.redirect(path, 303);
    }
    const said = host.database.write(() => act(visit, action, form.text('id')));
    await flash(c, host, said.kind, said.text);
    return c.redirect(path, 303);
  });
}

/** @returns what is wrong with the domain */
function add({ context, organization }: PortalVisit, text: string): string | null {
  try {
    const domain = domainName(text, 'The domain');
    if (domainOfOrganization(context, organization.id, domain) !== null)
      return 'The domain is there already.';
    addDomain(context, organization.id, domain, 'pending');
    return null;
  } catch (error) {
    if (error instanceof ApiError)
      return 'This cannot be your domain: it is a name such as example.com, and no mail provider’s.';
    throw error;
  }
}

function act(
  { context, organization }: PortalVisit,
  action: string,
  id: string,
): { kind: 'done' | 'failed'; text: string } {
  const row = domainById(context, id);
  if (row === null || row.organization_id !== organization.id) {
    return { kind: 'failed', text: 'The domain is not there any more.' };
  }
  if (action === 'remove') {
    removeDomain(context, row);
    return { kind: 'done', text: `${row.domain} is removed.` };
  }
  if (isVerified(row.state)) return { kind: 'done', text: `${row.domain} is verified.` };
  return isVerified(verifyDomain(context, row).state)
    ? { kind: 'done', text: `${row.domain} is verified.` }
    : { kind: 'failed', text: `The record of ${row.domain} is not in the DNS yet.` };
}

function show(
  c: PortalPage,
  visit: PortalVisit,
  only: string | null,
  problem: string | null,
): Response | Promise<Response> {
  const { context, organization } = visit;
  const all = domainsOfOrganizations(context, [organization.id]).get(organization.id) ?? [];
  const rows = only === null ? all : all.filter(({ domain }) => domain === only);
  return portalPage(
    c,
    visit,
    'domain_verification',
    html`${rows.map((row) => domainCard(c, visit, row))}
    ${rows.some(({ state }) => isVerified(state)) ? finishLink(visit) : ''}
    ${
      only === null
        ? html`<form method="post" class="row add">${csrfField(c)}
        ${field({
          name: 'domain',
          label: 'Another domain',
          value: problem === null ? '' : c.var.form.text('domain'),
          ...(problem === null ? {} : { problem }),
        })}
        <button name="action" value="add">Add</button></form>`
        : ''
    }`,
    problem === null ? 200 : 422,
  );
}

function domainCard(c: PortalPage, { context }: PortalVisit, row: DomainRow): Html {
  const state = stateAt(row, context.time);
  const record = `${row.verification_prefix}.${row.domain}`;
  return html`<section><h2>${row.domain} <span class="badge ${isVerified(state) ? 'good' : ''}">${state}</span></h2>
    ${
      isVerified(state) || row.verification_token === null
        ? ''
        : html`<p>Put this record into the domain’s DNS, then have it looked for:</p>
        <dl><dt>Type</dt><dd>TXT</dd><dt>Name</dt><dd><code class="record-name">${record}</code></dd>
        <dt>Value</dt><dd><code class="record-value">${row.verification_token}</code></dd></dl>
        <p class="hint">The DNS of this server is a list: <code>kosmo local:dns set ${record} ${row.verification_token}</code></p>`
    }
    <form method="post" class="row">${csrfField(c)}<input type="hidden" name="id" value="${row.id}">
      ${isVerified(state) ? '' : html`<button name="action" value="verify">Look for the record</button>`}
      <button name="action" value="remove" class="danger">Remove</button></form></section>`;
}
