import { html } from 'hono/html';
import { moveClock, readClock } from '../control/clock.ts';
import { flash } from '../pages/flash.ts';
import { csrfField, field } from '../pages/page.ts';
import { type ConsolePart, consolePage, sayAsPage } from './frame.ts';

const steps = ['+1m', '+11m', '+1h', '+1d', '+8d', '+31d'];

/** The time the server lives in. */
export const clockPages: ConsolePart = (app, host) => {
  app.get('/clock', (c) => {
    const { now, ahead_ms } = readClock(host);
    return consolePage(c, host, {
      place: '/clock',
      title: 'Clock',
      environment: null,
      body: html`
<p>It is <strong><time datetime="${now}">${now}</time></strong>${
        ahead_ms === 0
          ? ', the machine’s time.'
          : `, ${Math.round(ahead_ms / 1000)} seconds ahead of the machine.`
      }</p>
<p class="muted">Codes, invitations and sessions expire by this clock. Moving it moves it in every environment.</p>
<form method="post" class="row">${csrfField(c)}
${steps.map((step) => html`<button class="secondary" name="change" value="${step}">${step}</button>`)}
<button class="danger" name="change" value="reset">Reset</button></form>
<form method="post" id="move" class="row">${csrfField(c)}
${field({ name: 'change', label: 'Another change', hint: '+90s, -2h, or a time such as 2026-12-31T12:00:00Z', required: true })}
<button>Move</button></form>`,
    });
  });

  app.post('/clock', async (c) => {
    const reading = sayAsPage(() => moveClock(host, c.var.form.text('change')));
    await flash(c, host, 'done', `It is ${reading.now} now.`);
    return c.redirect('/_local/clock', 303);
  });
};
