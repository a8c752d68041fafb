import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { portalPage, portalVisit, sectionPath } from './portal-session.ts';

/** What WorkOS's portal has and this server has nothing behind: a page that says so. */
export function addAbsentSections(app: Hono<PageEnv>, host: PageHost): void {
  app.get(sectionPath('log_streams'), async (c) =>
    portalPage(
      c,
      await portalVisit(c, host, 'log_streams'),
      'log_streams',
      html`<p>The local server sends its audit log nowhere. Read it here with the intent <code>audit_logs</code>, or
        have it exported through the API.</p>`,
    ),
  );
  app.get(sectionPath('bring_your_own_key'), async (c) =>
    portalPage(
      c,
      await portalVisit(c, host, 'bring_your_own_key'),
      'bring_your_own_key',
      html`<p>The local server has no vault whose keys an organization could bring.</p>`,
    ),
  );
}
