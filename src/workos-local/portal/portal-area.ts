import type { CreateArea } from '../pages/host.ts';
import { createPageApp } from '../pages/page-app.ts';
import { portalPath } from '../resources/portal/portal.ts';
import { addAbsentSections } from './absent-sections.ts';
import { addApiKeysSection } from './api-keys-section.ts';
import { addAuditLogSection } from './audit-log-section.ts';
import { addCertificateSection } from './certificate-section.ts';
import { addDirectorySection } from './directory-section.ts';
import { addDomainSection } from './domain-section.ts';
import { addPeopleSection } from './people-section.ts';
import { beginPortalSession, portalVisit, sectionPath } from './portal-session.ts';
import { addSsoSection } from './sso-section.ts';
import { addWidgetEntry } from './widget-entry.ts';

/** The Admin Portal: where an organization's own people set up how they sign in and where they come from. */
export const createPortal: CreateArea = (host) => {
  const app = createPageApp(host);
  app.get(portalPath, async (c) => {
    const token = c.req.query('token');
    if (token !== undefined) {
      await beginPortalSession(c, host, token);
      // Without the token in its address: it is of no use any more, and none of the history's business.
      return c.redirect(portalPath, 303);
    }
    const { sections } = await portalVisit(c, host, null);
    return c.redirect(sectionPath(sections[0] ?? 'sso'), 303);
  });
  addSsoSection(app, host);
  addDirectorySection(app, host);
  addDomainSection(app, host);
  addAuditLogSection(app, host);
  addCertificateSection(app, host);
  addPeopleSection(app, host);
  addApiKeysSection(app, host);
  addAbsentSections(app, host);
  addWidgetEntry(app, host);
  return app;
};
