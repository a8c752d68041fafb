import { html } from 'hono/html';
import { type ShownRequest, shownRequest } from '../control/shown-request.ts';
import type { Html } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';
import { type ConsolePart, consolePage, empty, moment } from './frame.ts';

/** The requests this process received since it started, with their answers. */
export const requestPages: ConsolePart = (app, host) => {
  app.get('/requests', (c) => {
    const requests = (host.requests?.all ?? []).slice(0, 200).map(shownRequest);
    return consolePage(c, host, {
      place: '/requests',
      title: 'Requests',
      environment: null,
      isWatchable: true,
      body: html`
<p class="muted">The last ones this process received. Secrets are not shown.</p>
${requests.length === 0 ? empty('No requests yet.') : ''}
${
  requests.length === 0
    ? ''
    : html`<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">When</th><th scope="col">Request</th><th scope="col">Answer</th><th scope="col">Took</th><th scope="col">Id</th></tr></thead>
<tbody>${requests.map(
        (request) => html`<tr><td class="narrow">${moment(request.received_at)}</td>
<td><strong>${request.method}</strong> <span class="mono">${request.path}</span></td>
<td class="narrow">${badge(request)}</td><td class="narrow">${request.duration.toFixed(1)} ms</td>
<td class="narrow"><a class="mono" href="/_local/requests/${request.id}">${request.id}</a></td></tr>`,
      )}</tbody></table></div>`
}`,
    });
  });

  app.get('/requests/:id', (c) => {
    const found = host.requests?.all.find(({ id }) => id === c.req.param('id'));
    if (found === undefined) throw new PageError(404, 'Not here', 'This request is not among the last ones.');
    const request = shownRequest(found);
    return consolePage(c, host, {
      place: '/requests',
      title: `${request.method} ${request.path.split('?', 1)[0]}`,
      environment: null,
      body: html`<p><a href="/_local/requests">Requests</a></p>
<p>${badge(request)} <span class="muted">${request.duration.toFixed(1)} ms, ${request.received_at}</span></p>
<h2>Request</h2>
<pre tabindex="0">${request.method} ${request.path}
${Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\n`)}</pre>
${request.body === null || request.body === '' ? '' : html`<pre tabindex="0">${request.body}</pre>`}
<h2>Answer</h2>
${request.answer === '' ? html`<p class="muted">No body.</p>` : html`<pre tabindex="0">${request.answer}</pre>`}`,
    });
  });
};

function badge({ status }: ShownRequest): Html {
  if (status === null) return html`<span class="badge bad">dropped</span>`;
  return html`<span class="badge ${status < 400 ? 'good' : 'bad'}">${status}</span>`;
}
