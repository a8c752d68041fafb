import { html } from 'hono/html';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalRequest } from '../../src/workos-local/index.ts';
import { type AreaEntry, areas } from '../../src/workos-local/pages/areas.ts';
import { flash } from '../../src/workos-local/pages/flash.ts';
import type { CreateArea } from '../../src/workos-local/pages/host.ts';
import { csrfField, field, page } from '../../src/workos-local/pages/page.ts';
import { createPageApp } from '../../src/workos-local/pages/page-app.ts';
import { Pages } from '../../src/workos-local/pages/pages.ts';
import { type Listening, listen } from '../../src/workos-local/server.ts';
import { LocalClient } from '../../src/workos-local/testing/local-client.ts';
import { useBrowser } from './browser.ts';

const createGreeting: CreateArea = (host) =>
  createPageApp(host)
    .get('/greeting', (c) =>
      page(c, {
        title: 'Greeting',
        header: html`Harborlight`,
        body: html`<h1>Who are you?</h1><p class="muted">Your name is kept nowhere.</p>
          <form method="post">${csrfField(c)}
            ${field({ name: 'name', label: 'Name', hint: 'As your friends say it', required: true })}
            <button>Greet me</button></form>`,
      }),
    )
    .post('/greeting', async (c) => {
      await flash(c, host, 'done', `Hello ${c.var.form.text('name')}!`);
      return c.redirect('/greeting', 303);
    });

const open = useBrowser();
let listening: Listening;

beforeAll(async () => {
  const { server } = new LocalClient();
  const greeting: AreaEntry = { prefix: '/greeting', load: () => Promise.resolve(createGreeting) };
  const pages = new Pages(server.host, [...areas, greeting]);
  const handle = (request: LocalRequest) => pages.answer(request, 'req_1') ?? server.handle(request);
  listening = await listen({ ...server, handle }, { port: 0 });
});
afterAll(() => listening.close());

describe('the layout of pages', () => {
  it('takes a form and answers it, without scripts', async () => {
    const tab = await open();
    await tab.goto(`${listening.url}/greeting`);
    await tab.getByLabel('Name').fill('Ada');
    await tab.getByRole('button', { name: 'Greet me' }).click();
    await tab.getByRole('status').getByText('Hello Ada!').waitFor();
  });

  it('is styled by its own stylesheet, in light and in dark, and fits a phone', async () => {
    const grounds = new Set<string>();
    for (const dark of [false, true]) {
      const tab = await open({ dark, phone: true });
      await tab.goto(`${listening.url}/greeting`);
      const main = tab.locator('main');
      grounds.add(
        await tab.evaluate<string>("getComputedStyle(document.querySelector('main')).backgroundColor"),
      );
      expect((await main.boundingBox())?.width).toBeLessThan(375);
      expect(await tab.evaluate<number>('document.documentElement.scrollWidth')).toBe(375);
      if (process.env['SHOTS'])
        await tab.screenshot({ path: `${process.env['SHOTS']}/greeting-${dark}.png` });
    }
    expect(grounds.size).toBe(2);
  });
});
