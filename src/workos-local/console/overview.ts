import { html } from 'hono/html';
import { readClock } from '../control/clock.ts';
import { listFaults } from '../control/faults.ts';
import { statusOf } from '../control/status.ts';
import { notice } from '../pages/page.ts';
import { localAccount } from '../seed/account.ts';
import { type ConsolePart, consolePage, environmentOf, pathTo } from './frame.ts';
import { browsableTables, countRows, titleOf } from './tables.ts';

/** How to reach the server, and how much of everything there is. */
export const overviewPages: ConsolePart = (app, host) => {
  app.get('/', (c) => {
    const environment = environmentOf(c, host);
    const isDefault = environment.client_id === localAccount.clientId;
    const { ahead_ms } = readClock(host);
    const faults = listFaults(host).length;
    const tables = [...browsableTables(host.database)].map(
      ([table]) => [table, countRows(host.database, table, environment.id)] as const,
    );
    const { db } = statusOf(host);
    return consolePage(c, host, {
      place: '',
      title: 'Overview',
      environment,
      body: html`
${ahead_ms === 0 ? '' : notice('note', `The clock is moved by ${Math.round(ahead_ms / 1000)} seconds.`)}
${faults === 0 ? '' : notice('note', `Requests meet ${faults === 1 ? 'a fault' : `${faults} faults`}.`)}
<dl>
<dt>Base URL</dt><dd><code>${c.env.baseUrl}</code></dd>
<dt>API key</dt><dd>${isDefault ? html`<code>${localAccount.apiKey}</code>` : 'told once, when the environment was made'}</dd>
<dt>Client ID</dt><dd><code>${environment.client_id}</code></dd>
<dt>Database</dt><dd><code>${db}</code></dd>
</dl>
<h2>What there is in ${environment.name}</h2>
<ul class="tiles">
${tables
  .filter(([, rows]) => rows > 0)
  .map(
    ([table, rows]) =>
      html`<li><a href="${pathTo(host, environment, `/data/${table}`)}"><strong>${rows}</strong> ${titleOf(table)}</a></li>`,
  )}
</ul>
${tables.every(([, rows]) => rows === 0) ? html`<p class="empty">Nothing yet.</p>` : ''}`,
    });
  });
};
