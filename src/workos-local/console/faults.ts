import { html } from 'hono/html';
import { findEnvironment, listEnvironments } from '../control/environments.ts';
import { addFault, clearFaults, listFaults } from '../control/faults.ts';
import type { Fault } from '../kit/faults.ts';
import { flash } from '../pages/flash.ts';
import type { Form } from '../pages/form.ts';
import type { PageHost } from '../pages/host.ts';
import { csrfField, field } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';
import { type ConsolePart, consolePage, empty, sayAsPage } from './frame.ts';

/** What goes wrong on purpose. */
export const faultPages: ConsolePart = (app, host) => {
  app.get('/faults', (c) => {
    const faults = listFaults(host);
    const environments = listEnvironments(host);
    const nameOf = (fault: Fault) =>
      environments.find(({ id }) => id === fault.environment_id)?.name ?? 'all environments';
    return consolePage(c, host, {
      place: '/faults',
      title: 'Faults',
      environment: null,
      body: html`
${faults.length === 0 ? empty('Everything goes well.') : ''}
${
  faults.length === 0
    ? ''
    : html`<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Requests</th><th scope="col">Where</th><th scope="col">What happens</th><th scope="col">How often</th><th scope="col">Actions</th></tr></thead>
<tbody>${faults.map(
        (
          fault,
        ) => html`<tr><td>${fault.operation ?? 'all'}</td><td>${nameOf(fault)}</td><td>${described(fault)}</td>
<td>${fault.remaining === null ? 'always' : `${fault.remaining} more`}</td>
<td class="narrow"><form method="post">${csrfField(c)}<input type="hidden" name="id" value="${fault.id}">
<button class="danger small" name="action" value="clear">Remove</button></form></td></tr>`,
      )}</tbody></table></div>`
}
<h2>Add one</h2>
<form method="post" id="add">${csrfField(c)}
<div class="grid">
${field({ name: 'operation', label: 'Operation', hint: 'list_organizations, POST /organizations; empty: all' })}
<div class="field"><label for="where">Environment</label><select id="where" name="environment">
<option value="">all</option>${environments.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}</select></div>
</div><div class="grid">
${field({ name: 'status', label: 'Status', inputmode: 'numeric', hint: '400 to 599' })}
${field({ name: 'retry_after', label: 'Retry-After', inputmode: 'numeric', hint: 'seconds' })}
${field({ name: 'latency', label: 'Latency', inputmode: 'numeric', hint: 'milliseconds' })}
${field({ name: 'times', label: 'Times', inputmode: 'numeric', hint: 'empty: always' })}
<div class="field"><label for="drop">Connection</label><select id="drop" name="drop">
<option value="">holds</option><option value="request">breaks before anything is done</option>
<option value="answer">breaks in place of the answer</option></select></div>
</div>
<button name="action" value="add">Add</button></form>`,
    });
  });

  app.post('/faults', async (c) => {
    const { form } = c.var;
    if (form.text('action') === 'clear') {
      clearFaults(host, form.text('id'));
      await flash(c, host, 'done', 'Removed.');
    } else {
      sayAsPage(() => add(host, form));
      await flash(c, host, 'done', 'Added.');
    }
    return c.redirect('/_local/faults', 303);
  });
};

function add(host: PageHost, form: Form): void {
  const number = (name: string): Record<string, number> => {
    const text = form.text(name);
    if (text === '') return {};
    if (!/^\d{1,9}$/.test(text))
      throw new PageError(422, 'Not a number', `${name} takes a whole number, not “${text}”.`);
    return { [name === 'retry_after' ? 'retryAfter' : name]: Number(text) };
  };
  const environment = form.text('environment');
  const drop = form.text('drop');
  addFault(host, environment === '' ? null : findEnvironment(host, environment), {
    ...(form.text('operation') === '' ? {} : { operation: form.text('operation') }),
    ...number('status'),
    ...number('retry_after'),
    ...number('latency'),
    ...number('times'),
    ...(drop === 'request' || drop === 'answer' ? { drop } : {}),
  });
}

function described({ status, retry_after, latency, drops }: Fault): string {
  return [
    ...(latency > 0 ? [`waits ${latency} ms`] : []),
    ...(status === null ? [] : [`answers ${status}`]),
    ...(retry_after === null ? [] : [`Retry-After ${retry_after}`]),
    ...(drops === null
      ? []
      : [drops === 'request' ? 'breaks before anything is done' : 'breaks in place of the answer']),
  ].join(', ');
}
