import { html } from 'hono/html';
import { readDeliveries, redeliverTo } from '../control/webhooks.ts';
import type { Delivery } from '../kit/webhooks/index.ts';
import { flash } from '../pages/flash.ts';
import { csrfField, type Html } from '../pages/page.ts';
import { type ConsolePart, consolePage, empty, environmentOf, moment, pathTo } from './frame.ts';

/** What went to webhook endpoints, with every attempt. */
export const webhookPages: ConsolePart = (app, host) => {
  app.get('/webhooks', (c) => {
    const environment = environmentOf(c, host);
    const deliveries = readDeliveries(host, environment, { limit: 200 });
    return consolePage(c, host, {
      place: '/webhooks',
      title: 'Webhooks',
      environment,
      body: html`
<p class="muted">Endpoints are made by the API; what fails is tried again by the server’s clock.</p>
${deliveries.length === 0 ? empty('Nothing was sent.') : ''}
${
  deliveries.length === 0
    ? ''
    : html`<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Queued</th><th scope="col">Event</th><th scope="col">Endpoint</th><th scope="col">State</th><th scope="col">Attempts</th><th scope="col">Actions</th></tr></thead>
<tbody>${deliveries.map(
        (delivery) => html`<tr><td class="narrow">${moment(delivery.created_at)}</td>
<td><a href="${pathTo(host, environment, '/events', { event: delivery.event })}">${delivery.event}</a></td>
<td class="mono">${delivery.endpoint_url}</td><td class="narrow">${stateOf(delivery)}</td><td>${attemptsOf(delivery)}</td>
<td class="narrow"><form method="post" action="${pathTo(host, environment, '/webhooks')}">${csrfField(c)}
<input type="hidden" name="id" value="${delivery.id}"><button class="secondary small">Send again</button></form></td></tr>`,
      )}</tbody></table></div>`
}`,
    });
  });

  app.post('/webhooks', async (c) => {
    const environment = environmentOf(c, host);
    redeliverTo(host, environment, c.var.form.text('id'));
    await flash(c, host, 'done', 'It is sent again.');
    return c.redirect(pathTo(host, environment, '/webhooks'), 303);
  });
};

function stateOf({ state, next_attempt_at }: Delivery): Html {
  const kind = state === 'delivered' ? 'good' : state === 'failed' ? 'bad' : '';
  const next =
    next_attempt_at === null ? '' : html` <span class="muted">next ${moment(next_attempt_at)}</span>`;
  return html`<span class="badge ${kind}">${state}</span>${next}`;
}

function attemptsOf({ attempts }: Delivery): Html | string {
  if (attempts.length === 0) return '–';
  return html`<details><summary>${attempts.length}</summary>${attempts.map(
    ({ attempted_at, status, error, response }) =>
      html`<p>${moment(attempted_at)} ${status ?? error ?? ''}${response === null || response === '' ? '' : html`<br><code>${response}</code>`}</p>`,
  )}</details>`;
}
