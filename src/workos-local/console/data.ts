import { html } from 'hono/html';
import type { SqlValue } from '../../sqlite/index.ts';
import type { EnvironmentRow } from '../control/environments.ts';
import type { PageHost } from '../pages/host.ts';
import type { Html } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';
import { type ConsolePart, consolePage, empty, environmentOf, moment, paging, pathTo } from './frame.ts';
import {
  type BrowsableTable,
  browsableTables,
  countRows,
  isSecretColumn,
  readRow,
  readRows,
  titleOf,
} from './tables.ts';

const perPage = 50;
/** How many columns a table shows; the rest is on the page of a row. */
const mostColumns = 8;

/** Every resource: its rows, and each row. */
export const dataPages: ConsolePart = (app, host) => {
  app.get('/data', (c) => {
    const environment = environmentOf(c, host);
    return consolePage(c, host, {
      place: '/data',
      title: 'Data',
      environment,
      body: html`<ul class="tiles">${[...browsableTables(host.database).keys()].map(
        (table) => html`<li><a href="${pathTo(host, environment, `/data/${table}`)}">
<strong>${countRows(host.database, table, environment.id)}</strong> ${titleOf(table)}</a></li>`,
      )}</ul>`,
    });
  });

  app.get('/data/:table', (c) => {
    const environment = environmentOf(c, host);
    const table = c.req.param('table');
    const about = tableNamed(host, table);
    const search = c.req.query('search')?.trim() ?? '';
    const offset = Math.max(0, Math.trunc(Number(c.req.query('offset')) || 0));
    const rows = readRows(host.database, table, about, {
      environmentId: environment.id,
      search,
      offset,
      limit: perPage,
    });
    const hasMore = rows.length > perPage;
    const columns = about.columns.filter((column) => !isSecretColumn(column)).slice(0, mostColumns);
    const at = (start: number) =>
      pathTo(host, environment, `/data/${table}`, {
        ...(search === '' ? {} : { search }),
        offset: String(start),
      });
    return consolePage(c, host, {
      place: '/data',
      title: titleOf(table),
      environment,
      body: html`
<form method="get" class="row" role="search">
<input type="hidden" name="environment" value="${environment.id}">
<div class="field"><label for="search">Search</label>
<input id="search" name="search" type="search" value="${search}" placeholder="a name, an id, an e-mail address"></div>
<button class="secondary">Search</button>
</form>
${rows.length === 0 ? empty(search === '' ? 'Nothing yet.' : `Nothing has “${search}” in it.`) : ''}
${
  rows.length === 0
    ? ''
    : html`<div class="scroll" tabindex="0"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows
        .slice(0, perPage)
        .map(
          (row) =>
            html`<tr>${columns.map((column) => html`<td>${cell(host, environment, table, column, row[column] ?? null)}</td>`)}</tr>`,
        )}</tbody></table></div>`
}
${paging(offset === 0 ? null : at(Math.max(0, offset - perPage)), hasMore ? at(offset + perPage) : null)}`,
    });
  });

  app.get('/data/:table/:id', (c) => {
    const environment = environmentOf(c, host);
    const { table, id } = c.req.param();
    const { columns, hasId } = tableNamed(host, table);
    const row = hasId ? readRow(host.database, table, environment.id, id) : null;
    if (row === null)
      throw new PageError(404, 'Not here', `There is no ${id} in ${titleOf(table)} of ${environment.name}.`);
    return consolePage(c, host, {
      place: '/data',
      title: String(row['name'] ?? row['email'] ?? id),
      environment,
      body: html`<p><a href="${pathTo(host, environment, `/data/${table}`)}">${titleOf(table)}</a></p>
<dl>${columns.map(
        (column) =>
          html`<dt>${column}</dt><dd>${
            isSecretColumn(column) && row[column] !== null
              ? html`<span class="muted">not shown</span>`
              : whole(host, environment, table, column, row[column] ?? null)
          }</dd>`,
      )}</dl>`,
    });
  });
};

function tableNamed(host: PageHost, table: string): BrowsableTable {
  const about = browsableTables(host.database).get(table);
  if (about === undefined) throw new PageError(404, 'Nothing here', `There is no table ${table} to look at.`);
  return about;
}

/** A value in a table: short. */
function cell(
  host: PageHost,
  environment: EnvironmentRow,
  table: string,
  column: string,
  value: SqlValue,
): Html | string {
  const text = typeof value === 'string' && value.length > 80 ? `${value.slice(0, 80)}…` : value;
  return whole(host, environment, table, column, text);
}

/** A value as it is; ids lead to what they name. */
function whole(
  host: PageHost,
  environment: EnvironmentRow,
  table: string,
  column: string,
  value: SqlValue,
): Html | string {
  if (value === null) return html`<span class="muted">–</span>`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  const text = String(value);
  if (column.endsWith('_at') && /^\d{4}-\d\d-\d\dT/.test(text)) return moment(text);
  const target = column === 'id' ? table : targetOf(host, column);
  if (target !== null && text !== '') {
    return html`<a class="mono" href="${pathTo(host, environment, `/data/${target}/${encodeURIComponent(text)}`)}">${text}</a>`;
  }
  return /^[[{]/.test(text) ? html`<code>${text}</code>` : text;
}

/** The table a column such as `organization_id` refers to. */
function targetOf(host: PageHost, column: string): string | null {
  const [, name] = /^(?:\w+_)?(user|organization|role|group|connection|directory)_id$/.exec(column) ?? [];
  if (name === undefined) return null;
  const table = name === 'directory' ? 'directories' : `${name}s`;
  return browsableTables(host.database).get(table)?.hasId === true ? table : null;
}
