import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { PageEnv, PageHost } from '../pages/host.ts';
import {
  type AuditLogEventRow,
  selectAuditLogEvents,
} from '../resources/audit-logs/audit-log-events.table.ts';
import { portalPage, portalVisit, sectionPath } from './portal-session.ts';

const mostShown = 100;

/** Shows an organization what was done in it. */
export function addAuditLogSection(app: Hono<PageEnv>, host: PageHost): void {
  app.get(sectionPath('audit_logs'), async (c) => {
    const visit = await portalVisit(c, host, 'audit_logs');
    const action = (c.req.query('action') ?? '').trim();
    const rows = selectAuditLogEvents(
      visit.context,
      visit.organization.id,
      { actions: action === '' ? [] : [action] },
      { limit: mostShown },
    );
    return portalPage(
      c,
      visit,
      'audit_logs',
      html`<form method="get" class="row"><div class="field"><label for="action">Action</label>
        <input id="action" name="action" type="search" value="${action}"></div><button class="secondary">Search</button></form>
      ${
        rows.length === 0
          ? html`<p class="empty">Nothing has happened${action === '' ? '' : ' under this name'}.</p>`
          : html`<div class="scroll" tabindex="0"><table><thead><tr><th>When</th><th>Action</th><th>Who</th><th>On what</th></tr></thead>
        <tbody>${rows.map(
          (row) => html`<tr><td class="narrow">${row.occurred_at}</td><td><code>${row.action}</code></td>
          <td>${row.actor_name ?? row.actor_id}</td><td>${targetsOf(row)}</td></tr>`,
        )}</tbody></table></div>
        ${rows.length === mostShown ? html`<p class="hint">The newest ${mostShown}; an export has all of them.</p>` : ''}`
      }`,
    );
  });
}

function targetsOf(row: AuditLogEventRow): string {
  // Written by this server from an event that fitted its schema.
  const { targets } = JSON.parse(row.event) as { targets: { id: string; type: string; name?: string }[] };
  return targets.map((target) => `${target.type} ${target.name ?? target.id}`).join(', ');
}
