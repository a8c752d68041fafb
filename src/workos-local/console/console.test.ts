import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEnvironment, findEnvironment, listEnvironments } from '../control/environments.ts';
import { addFault, listFaults } from '../control/faults.ts';
import { RequestLog } from '../control/request-log.ts';
import { localAccount } from '../index.ts';
import { listen } from '../server.ts';
import { type Json, LocalClient } from '../testing/local-client.ts';
import { PageClient, type Visited } from '../testing/page-client.ts';

let api: LocalClient;
let visitor: PageClient;
beforeEach(() => {
  api = new LocalClient({ requests: new RequestLog(), autoEnvironments: true });
  visitor = new PageClient(api.server);
});
afterEach(() => api.server.close());

function rows(page: Visited): string[][] {
  return page
    .$('tbody tr')
    .toArray()
    .map((row) =>
      page
        .$('td', row)
        .toArray()
        .map((cell) => page.$(cell).text().trim().replace(/\s+/g, ' ')),
    );
}

describe('the console', () => {
  it('shows how to reach the server and what there is', async () => {
    const page = await visitor.get('/_local');
    expect(page.status).toBe(200);
    expect(page.$('dd').first().text()).toBe('http://localhost:4100');
    expect(page.text).toContain(localAccount.apiKey);
    expect(page.$('.tiles').text()).toMatch(/3\s+Organizations/);
    for (const place of page.$('header a').toArray()) {
      const shown = await visitor.get(page.$(place).attr('href') ?? '');
      expect([shown.url.pathname, shown.status, shown.$('a[aria-current]').text()]).toEqual([
        shown.url.pathname,
        200,
        page.$(place).text(),
      ]);
    }
  });

  it('looks into every table, page by page, finds text and follows ids', async () => {
    for (let made = 0; made < 60; made += 1) await api.post('/organizations', { name: `Numbered ${made}` });
    const data = await visitor.get('/_local/data');
    for (const link of data.$('.tiles a').toArray()) {
      expect((await visitor.get(data.$(link).attr('href') ?? '')).status).toBe(200);
    }
    const first = await visitor.get('/_local/data/organizations');
    expect(rows(first)).toHaveLength(50);
    const second = await visitor.follow(first, 'Older');
    expect(rows(second)).toHaveLength(13);
    expect(rows(await visitor.follow(second, 'Newer'))).toEqual(rows(first));
    const found = await visitor.submit(first, {
      form: 'form[role=search]',
      fields: { search: 'numbered 7' },
    });
    expect(rows(found).map((row) => row[1])).toEqual(['Numbered 7']);
    const odd = await visitor.submit(first, { form: 'form[role=search]', fields: { search: '%_\\"<b>' } });
    expect([rows(odd), odd.$('.empty').text()]).toEqual([[], 'Nothing has “%_\\"<b>” in it.']);
    const memberships = await visitor.get('/_local/data/organization_memberships');
    const user = await visitor.follow(memberships, 'user_123');
    expect([user.$('h1').text(), user.url.pathname]).toEqual([
      'mara@harborlight.example',
      '/_local/data/users/user_123',
    ]);
  });

  it('shows no secrets, and nothing that is not there', async () => {
    const user = (
      await api.post('/user_management/users', { email: 'a@b.example', password: 'a very good one' })
    ).body;
    const page = await visitor.get(`/_local/data/users/${user.id}`);
    expect(page.text).toContain('not shown');
    for (const path of [
      '/data/nothing',
      '/data/users/none',
      '/data/environments',
      '/requests/none',
      '/nothing',
    ]) {
      expect([path, (await visitor.get(`/_local${path}`)).status]).toEqual([path, 404]);
    }
    expect((await visitor.get('/_local/data?environment=none')).status).toBe(422);
  });

  it('shows one environment and nothing of another', async () => {
    await api.post('/organizations', { name: 'Elsewhere' }, { key: 'sk_test_elsewhere' });
    const page = await visitor.get('/_local/data/organizations');
    expect(page.text).not.toContain('Elsewhere');
    const other = findEnvironment(api.server.host, 'sk_test_elsewhere');
    const shown = await visitor.submit(page, {
      form: 'form:has(select)',
      fields: { environment: other.id },
    });
    expect(rows(shown).map((row) => row[1])).toEqual(['Elsewhere']);
    const events = await visitor.follow(shown, 'Events');
    expect(rows(events).map((row) => row[1])).toEqual(['organization.created']);
    const [organization] = await api.all('/organizations');
    const wrong = await visitor.get(`/_local/data/organizations/${organization.id}?environment=${other.id}`);
    expect(wrong.status).toBe(404);
  });

  it('shows mails with links that work, and throws them away', async () => {
    await api.post('/user_management/invitations', { email: 'mailed@example.com' });
    const page = await visitor.submit(await visitor.get('/_local/inbox'), {
      form: 'form[role=search]',
      fields: { to: 'MAILED@example.com' },
    });
    expect(rows(page)).toHaveLength(1);
    const link = page.$('tbody a').attr('href') ?? '';
    expect(link).toMatch(/^http:\/\/localhost:4100\/\S+token=/);
    const emptied = await visitor.submit(await visitor.get('/_local/inbox'));
    expect(emptied.$('.notice').text()).toMatch(/^Threw away \d+\.$/);
    expect(emptied.$('.empty').text()).toBe('No mail.');
  });

  it('comes again by itself only when it is asked to', async () => {
    const refreshes = (visited: Visited) => visited.$('meta[http-equiv=refresh]').length;
    const page = await visitor.get('/_local/inbox?to=ada');
    expect(refreshes(page)).toBe(0);
    const watched = await visitor.follow(page, 'Keep it up to date');
    expect([refreshes(watched), watched.url.searchParams.get('to')]).toEqual([1, 'ada']);
    expect(refreshes(await visitor.follow(watched, 'Stop bringing it up to date'))).toBe(0);
  });

  it('changes how users sign in', async () => {
    const page = await visitor.get('/_local/settings');
    expect(page.$('[name=session_length]').attr('value')).toBe('30d');
    const saved = await visitor.submit(page, {
      button: 'Save',
      fields: { mfa: 'required', session_length: '12h', password: [] },
    });
    expect(saved.$('.notice').text()).toBe('Saved. It counts from now on.');
    expect(saved.$('[name=mfa] [selected]').attr('value')).toBe('required');
    expect(saved.$('[name=session_length]').attr('value')).toBe('12h');
    expect(saved.$('[name=password]').attr('checked')).toBeUndefined();
    const wrong = await visitor.submit(saved, { button: 'Save', fields: { session_length: 'long' } });
    expect(wrong.status).toBe(422);
    const reset = await visitor.submit(saved, { button: 'As in a new environment' });
    expect(reset.$('[name=session_length]').attr('value')).toBe('30d');
  });

  it('shows events, the newest first, by name and page by page', async () => {
    for (let made = 0; made < 55; made += 1) await api.post('/organizations', { name: `${made}` });
    const page = await visitor.get('/_local/events?event=organization.created');
    expect(rows(page)).toHaveLength(50);
    const rest = rows(await visitor.follow(page, 'Older'));
    expect(rest).toHaveLength(8);
    expect(new Set([...rows(page), ...rest].map((row) => row[2])).size).toBe(58);
  });

  it('makes environments with their keys, resets and deletes them', async () => {
    const page = await visitor.get('/_local/environments');
    const made = await visitor.submit(page, { form: '#create', fields: { name: 'Mine & Co' } });
    const key = made.$('dd code').first().text();
    expect((await api.get('/organizations', { key })).status).toBe(200);
    await api.post('/organizations', { name: 'X' }, { key });
    const row = 'tr:contains("Mine & Co") form';
    const reset = await visitor.submit(await visitor.get('/_local/environments'), {
      form: row,
      button: 'Reset',
    });
    expect(reset.$('.notice').text()).toContain('Mine & Co');
    expect((await api.get('/organizations', { key })).body.data).toEqual([]);
    await visitor.submit(reset, { form: row, button: 'Delete' });
    expect(listEnvironments(api.server.host)).toHaveLength(1);
  });

  it('moves the clock', async () => {
    const page = await visitor.get('/_local/clock');
    const moved = await visitor.submit(page, { button: '+8d' });
    expect(moved.$('main').text()).toContain('691200 seconds ahead');
    expect((await api.get('/user_management/invitations')).body.data[0].state).toBe('expired');
    const odd = await visitor.submit(moved, { form: '#move', fields: { change: 'soon' } });
    expect([odd.status, odd.$('main').text()]).toEqual([
      422,
      expect.stringContaining('cannot be moved by soon'),
    ]);
    const reset = await visitor.submit(await visitor.get('/_local/clock'), { button: 'Reset' });
    expect(reset.$('main').text()).toContain('the machine’s time');
  });

  it('adds faults and takes them away', async () => {
    const page = await visitor.get('/_local/faults');
    const fields = { operation: 'list_organizations', status: '429', retry_after: '2', times: '5' };
    const added = await visitor.submit(page, { form: '#add', fields });
    expect(rows(added)[0]?.slice(0, 4)).toEqual([
      'workos_organizations_list',
      'all environments',
      'answers 429, Retry-After 2',
      '5 more',
    ]);
    expect((await api.get('/organizations')).headers['retry-after']).toBe('2');
    for (const wrong of [
      { status: 'many' },
      { status: '200' },
      { operation: 'nothing', status: '500' },
      {},
    ]) {
      expect((await visitor.submit(page, { form: '#add', fields: wrong })).status).toBe(422);
    }
    await visitor.submit(await visitor.get('/_local/faults'), { button: 'Remove' });
    expect(listFaults(api.server.host)).toEqual([]);
  });

  it('shows the requests received, each with its answer', async () => {
    const listening = await listen(api.server, { port: 0 });
    const headers = { authorization: `Bearer ${localAccount.apiKey}`, 'content-type': 'application/json' };
    await fetch(`${listening.url}/organizations`, { method: 'POST', headers, body: '{"name":""}' });
    addFault(api.server.host, null, { drop: 'request', times: 1 });
    await fetch(`${listening.url}/events`, { headers }).catch(() => null);
    await listening.close();
    const page = await visitor.get('/_local/requests');
    expect(rows(page).map((row) => row.slice(1, 3))).toEqual([
      ['GET /events', 'dropped'],
      ['POST /organizations', '422'],
    ]);
    const request = await visitor.get(page.$('tbody a').last().attr('href') ?? '');
    expect(request.text).toContain('invalid_request_parameters');
    expect(request.text).not.toContain(localAccount.apiKey);
  });

  it('shows what went to webhook endpoints, and sends it again', async () => {
    const endpoint = { endpoint_url: 'http://127.0.0.1:9/hook', events: ['organization.created'] };
    const made: Json = await api.post('/webhook_endpoints', endpoint);
    expect(made.status).toBe(201);
    await api.post('/organizations', { name: 'Hooked' });
    await api.server.webhooks.deliverDue();
    const page = await visitor.get('/_local/webhooks');
    expect(rows(page)).toHaveLength(1);
    expect(rows(page)[0]?.[3]).toContain('pending');
    expect(rows(page)[0]?.[4]).toMatch(/^1/);
    const again = await visitor.submit(page);
    expect([again.$('.notice').text(), rows(again).length]).toEqual(['It is sent again.', 2]);
  });

  it('is for this machine alone', async () => {
    const request = { method: 'GET', path: '/_local', headers: {}, body: null };
    expect((await api.server.handle({ ...request, isRemote: true })).status).toBe(403);
    expect((await api.server.handle({ ...request, baseUrl: 'http://rebound.example' })).status).toBe(403);
    createEnvironment(api.server.host, {});
    expect((await api.server.handle(request)).status).toBe(200);
  });
});
