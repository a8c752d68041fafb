import { X509Certificate } from 'node:crypto';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { flash } from '../pages/flash.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { csrfField, type Html } from '../pages/page.ts';
import { renewCertificate } from '../resources/connections/connection.ts';
import {
  type ConnectionRow,
  connectionById,
  connectionsOfOrganization,
} from '../resources/connections/connections.table.ts';
import { finishLink, type PortalPage, portalPage, portalVisit, sectionPath } from './portal-session.ts';

/** Takes the next certificate of an identity provider that speaks SAML. */
export function addCertificateSection(app: Hono<PageEnv>, host: PageHost): void {
  const path = sectionPath('certificate_renewal');

  app.get(path, async (c) => {
    const visit = await portalVisit(c, host, 'certificate_renewal');
    const rows = connectionsOfOrganization(visit.context, visit.organization.id).filter(
      ({ connection_type: type }) => type.endsWith('SAML'),
    );
    return portalPage(
      c,
      visit,
      'certificate_renewal',
      rows.length === 0
        ? html`<p>No connection of the organization speaks SAML: there is no certificate to renew.</p>`
        : html`${rows.map((row) => certificateCard(c, row))}
          ${rows.some((row) => row.signing_cert !== null) ? finishLink(visit) : ''}`,
    );
  });

  app.post(path, async (c) => {
    const visit = await portalVisit(c, host, 'certificate_renewal');
    const { form } = c.var;
    const certificate = readCertificate(form.text('certificate'));
    const row = connectionById(visit.context, form.text('connection'));
    if (certificate === null || row === null || row.organization_id !== visit.organization.id) {
      await flash(c, host, 'failed', 'That is no X.509 certificate in PEM form.');
      return c.redirect(path, 303);
    }
    const expiry = new Date(certificate.validTo);
    if (expiry.getTime() <= visit.context.time) {
      await flash(c, host, 'failed', `The certificate expired on ${expiry.toISOString()}.`);
      return c.redirect(path, 303);
    }
    host.database.write(() =>
      renewCertificate(visit.context, row, certificate.toString(), expiry.toISOString()),
    );
    await flash(c, host, 'done', `The certificate is kept; it is good until ${expiry.toISOString()}.`);
    return c.redirect(path, 303);
  });
}

function certificateCard(c: PortalPage, row: ConnectionRow): Html {
  const known = row.signing_cert === null ? null : readCertificate(row.signing_cert);
  return html`<section><h2>${row.name}</h2>
    <dl><dt>Certificate</dt><dd>${known === null ? 'none yet' : html`${known.subject}, until ${known.validTo}`}</dd></dl>
    <form method="post">${csrfField(c)}<input type="hidden" name="connection" value="${row.id}">
      <div class="field"><label for="certificate-${row.id}">The provider’s new certificate</label>
      <textarea id="certificate-${row.id}" name="certificate" rows="8" class="mono" required
        placeholder="-----BEGIN CERTIFICATE-----"></textarea></div>
      <p><button>Renew</button></p></form></section>`;
}

function readCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}
