import { html } from 'hono/html';
import type { SqlValue } from '../../sqlite/index.ts';
import type { EventRow } from '../kit/events.ts';
import type { PageHost } from '../pages/host.ts';
import { type ConsolePart, consolePage, empty, environmentOf, moment, paging, pathTo } from './frame.ts';

const perPage = 50;

/** Everything that happened, the newest first. */
export const eventPages: ConsolePart = (app, host) => {
  app.get('/events', (c) => {
    const environment = environmentOf(c, host);
    const name = c.req.query('event')?.trim() ?? '';
    const before = c.req.query('before') ?? null;
    const events = readEvents(host, environment.id, name, before);
    const hasMore = events.length > perPage;
    const shown = events.slice(0, perPage);
    const filter: Record<string, string> = name === '' ? {} : { event: name };
    const next = hasMore
      ? pathTo(host, environment, '/events', { ...filter, before: shown.at(-1)?.id ?? '' })
      : null;
    return consolePage(c, host, {
      place: '/events',
      title: 'Events',
      environment,
      body: html`
<form method="get" class="row" role="search">
<input type="hidden" name="environment" value="${environment.id}">
<div class="field"><label for="event">Name begins with</label>
<input id="event" name="event" type="search" value="${name}" placeholder="user.created"></div>
<button class="secondary">Show</button>
</form>
${shown.length === 0 ? empty('No events.') : ''}
${
  shown.length === 0
    ? ''
    : html`<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">When</th><th scope="col">Event</th><th scope="col">Data</th></tr></thead>
<tbody>${shown.map(
        ({ id, event, data, created_at }) => html`<tr id="${id}"><td class="narrow">${moment(created_at)}</td>
<td class="narrow">${event}</td><td><details><summary class="mono">${id}</summary><pre tabindex="0">${indented(data)}</pre></details></td></tr>`,
      )}</tbody></table></div>`
}
${paging(before === null ? null : pathTo(host, environment, '/events', filter), next)}`,
    });
  });
};

function readEvents(host: PageHost, environmentId: string, name: string, before: string | null): EventRow[] {
  const values: SqlValue[] = [environmentId, `${name.replace(/[\\%_]/g, '\\$&')}%`];
  let sql = `SELECT id, event, organization_id, data, created_at FROM events
    WHERE environment_id = ? AND event LIKE ? ESCAPE '\\'`;
  if (before !== null) {
    sql += ' AND (created_at, id) < ((SELECT created_at FROM events WHERE id = ?), ?)';
    values.push(before, before);
  }
  return host.database.all<EventRow>(`${sql} ORDER BY created_at DESC, id DESC LIMIT ?`, [
    ...values,
    perPage + 1,
  ]);
}

function indented(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2);
}
