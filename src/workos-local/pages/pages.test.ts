import { html } from 'hono/html';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServer } from '../index.ts';
import { notFound } from '../kit/errors.ts';
import { listen } from '../server.ts';
import { LocalClient } from '../testing/local-client.ts';
import { PageClient } from '../testing/page-client.ts';
import { clearCookie, type PageCookie, readCookie, writeCookie } from './cookies.ts';
import { flash } from './flash.ts';
import type { CreateArea } from './host.ts';
import { csrfField, field, page } from './page.ts';
import { createPageApp } from './page-app.ts';
import { PageError } from './page-error.ts';
import { Pages } from './pages.ts';
import { stylesheetPath } from './style.ts';

const name: PageCookie = { name: 'name', environment: { id: 'environment_1', client_id: 'client_1' } };

/** A page that remembers a name. */
const createNames: CreateArea = (host) =>
  createPageApp(host, { largestForm: 2000 })
    .get('/names', async (c) => {
      const known = (await readCookie(c, host, name)) ?? 'nobody';
      return page(c, {
        title: 'Names',
        body: html`<h1>${known}</h1>
          <form method="post">${csrfField(c)}${field({ name: 'name', label: 'Name' })}
            <button>Save</button><button name="action" value="forget">Forget</button></form>`,
      });
    })
    .post('/names', async (c) => {
      const { form } = c.var;
      if (form.text('name') === 'nobody') throw new PageError(422, 'Not a name', 'Take another one.');
      if (form.text('name') === 'gone') throw notFound('Name', 'gone');
      if (form.text('name') === 'broken') throw new Error('The reason is nobody’s business');
      if (form.text('action') === 'forget') clearCookie(c, name);
      else await writeCookie(c, host, name, form.text('name'));
      await flash(c, host, 'done', `Saved ${form.text('name')}.`);
      return c.redirect('/names', 303);
    })
    .get('/names/bytes', (c) => c.body(new Uint8Array([0, 255, 128]), 200, { 'content-type': 'image/png' }))
    .get('/names/csv', (c) => c.body('a,b\n', 200, { 'content-type': 'text/csv; charset=utf-8' }));

let server: LocalServer;
let client: PageClient;
let loads: number;

function open(): Pages {
  const load = async () => {
    loads += 1;
    return createNames;
  };
  return new Pages(server.host, [{ prefix: '/names', load }]);
}

function clientOf(pages: Pages): PageClient {
  return new PageClient({ handle: async (request) => (await pages.answer(request, 'req_1')) ?? fail() });
}

function fail(): never {
  throw new Error('No area has the path.');
}

beforeEach(() => {
  ({ server } = new LocalClient());
  loads = 0;
  client = clientOf(open());
});
afterEach(() => server.close());

describe('the pages of the local server', () => {
  it('load the code of an area with its first request, once, and leave other paths alone', async () => {
    const pages = open();
    const request = { method: 'GET', headers: {}, body: null };
    expect(pages.answer({ ...request, path: '/namesakes' }, 'req_1')).toBeNull();
    expect(pages.answer({ ...request, path: '/' }, 'req_1')).toBeNull();
    expect(loads).toBe(0);
    await Promise.all(
      ['/names', '/names?x', '/names/y'].map(async (path) => pages.answer({ ...request, path }, 'req_1')),
    );
    expect(loads).toBe(1);
  });

  it('read what a form sends, redirect, and show a line about it once', async () => {
    const saved = await client.submit(await client.get('/names'), { fields: { name: ' Ada ' } });
    expect([saved.status, saved.$('h1').text(), saved.$('.notice.done').text()]).toEqual([
      200,
      'Ada',
      'Saved Ada.',
    ]);
    const again = await client.get('/names');
    expect([again.$('h1').text(), again.$('.notice').length]).toEqual(['Ada', 0]);
    const forgotten = await client.submit(again, { button: 'Forget' });
    expect(forgotten.$('h1').text()).toBe('nobody');
  });

  it('escape what they show', async () => {
    const odd = `"><script>alert('1')</script>&amp;`;
    const shown = await client.submit(await client.get('/names'), { fields: { name: odd } });
    expect(shown.$('h1').text()).toBe(odd);
    expect(shown.$('.notice').text()).toBe(`Saved ${odd}.`);
    expect(shown.$('script').length).toBe(0);
  });

  it('come with headers that keep them out of frames, caches and the hands of scripts', async () => {
    const { headers } = await client.get('/names');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-request-id': 'req_1',
    });
  });

  it('refuse a form without its token, with another’s token, from another site, and one that is no form', async () => {
    const shown = await client.get('/names');
    const stranger = clientOf(open());
    const theirs = (await stranger.get('/names')).$('[name=csrf]').attr('value') ?? '';
    for (const csrf of ['', 'x', theirs]) {
      const refused = await client.submit(shown, { fields: { csrf, name: 'Eve' } });
      expect([refused.status, refused.$('h1').text()]).toEqual([403, 'That was not sent by this page']);
    }
    const cookie = [...client.cookies].map((pair) => pair.join('=')).join('; ');
    const body = `csrf=${shown.$('[name=csrf]').attr('value')}&name=Eve`;
    const type = 'application/x-www-form-urlencoded';
    const post = async (headers: Record<string, string>) =>
      (await open().answer({ method: 'POST', path: '/names', headers: { cookie, ...headers }, body }, 'r'))
        ?.status;
    expect(await post({ 'content-type': type, origin: 'http://evil.example' })).toBe(403);
    expect(await post({ 'content-type': type })).toBe(403);
    expect(await post({ 'content-type': 'application/json' })).toBe(415);
    expect(await post({ 'content-type': type, origin: 'http://localhost:4100' })).toBe(303);
  });

  it('refuse a form that is larger than they take', async () => {
    const large = await client.submit(await client.get('/names'), { fields: { name: 'x'.repeat(3000) } });
    expect([large.status, large.$('h1').text()]).toEqual([413, 'Too much']);
  });

  it('show errors as pages: their own, the API’s, and what broke without its reason', async () => {
    const send = async (text: string) => {
      const answer = await client.submit(await client.get('/names'), { fields: { name: text } });
      return [answer.status, answer.$('h1').text(), answer.$('main p').text()];
    };
    expect(await send('nobody')).toEqual([422, 'Not a name', 'Take another one.']);
    expect(await send('gone')).toEqual([404, 'That did not work', "Name not found: 'gone'."]);
    const broken = await send('broken');
    expect(broken.slice(0, 2)).toEqual([500, 'Something broke']);
    const missing = await client.get('/names/none');
    expect([missing.status, missing.$('h1').text()]).toEqual([404, 'Nothing here']);
  });

  it('trust a cookie over a restart, and none that was changed', async () => {
    await client.submit(await client.get('/names'), { fields: { name: 'Ada' } });
    const restarted = clientOf(open());
    for (const [key, value] of client.cookies) restarted.cookies.set(key, value);
    expect((await restarted.get('/names')).$('h1').text()).toBe('Ada');
    const key = 'kosmo_name_environment_1';
    restarted.cookies.set(key, `Eve${restarted.cookies.get(key)?.slice(3)}`);
    expect((await restarted.get('/names')).$('h1').text()).toBe('nobody');
  });

  it('answer with bytes and with other text', async () => {
    const image = await client.get('/names/bytes');
    expect([image.bytes, image.headers['content-type']]).toEqual([
      new Uint8Array([0, 255, 128]),
      'image/png',
    ]);
    expect((await client.get('/names/csv')).text).toBe('a,b\n');
  });
});

describe('the server', () => {
  it('serves pages by all of its doors', async () => {
    const lean = await server.handle({ method: 'GET', path: stylesheetPath, headers: {}, body: null });
    expect(lean.headers).toMatchObject({ 'content-type': 'text/css; charset=utf-8' });
    const fetched = await server.fetch(new Request(`http://local${stylesheetPath}`));
    const listening = await listen(server, { port: 0 });
    const got = await fetch(listening.url + stylesheetPath);
    for (const answer of [fetched, got]) {
      expect(await answer.text()).toBe(lean.body);
      expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    }
    await listening.close();
  });
});
