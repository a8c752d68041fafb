import { html } from 'hono/html';
import { clearInbox, readInbox } from '../control/inbox.ts';
import { flash } from '../pages/flash.ts';
import { csrfField } from '../pages/page.ts';
import { type ConsolePart, consolePage, empty, environmentOf, moment, pathTo } from './frame.ts';

/** What WorkOS would have sent by e-mail, with links that work. */
export const inboxPages: ConsolePart = (app, host) => {
  app.get('/inbox', (c) => {
    const environment = environmentOf(c, host);
    const to = c.req.query('to')?.trim() ?? '';
    const mails = readInbox(host, environment, { limit: 200, ...(to === '' ? {} : { to }) }).reverse();
    return consolePage(c, host, {
      place: '/inbox',
      title: 'Inbox',
      environment,
      isWatchable: true,
      body: html`
<form method="get" class="row" role="search">
<input type="hidden" name="environment" value="${environment.id}">
<div class="field"><label for="to">To</label>
<input id="to" name="to" type="search" value="${to}" placeholder="an e-mail address"></div>
<button class="secondary">Show</button>
</form>
${mails.length === 0 ? empty('No mail.') : ''}
${
  mails.length === 0
    ? ''
    : html`<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Sent</th><th scope="col">To</th><th scope="col">Subject</th><th scope="col">What it holds</th></tr></thead>
<tbody>${mails.map(
        (mail) => html`<tr><td class="narrow">${moment(mail.created_at)}</td><td>${mail.recipient}</td>
<td>${mail.subject} <span class="badge">${mail.kind.replaceAll('_', ' ')}</span></td>
<td>${mail.code === null ? '' : html`<code>${mail.code}</code> `}${mail.link === null ? '' : html`<a href="${mail.link}">Open its link</a>`}</td></tr>`,
      )}</tbody></table></div>
<form method="post" action="${pathTo(host, environment, '/inbox')}">${csrfField(c)}<button class="danger small">Throw all away</button></form>`
}`,
    });
  });

  app.post('/inbox', async (c) => {
    const environment = environmentOf(c, host);
    const cleared = clearInbox(host, environment);
    await flash(c, host, 'done', `Threw away ${cleared}.`);
    return c.redirect(pathTo(host, environment, '/inbox'), 303);
  });
};
