import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addFault } from '../../src/workos-local/control/faults.ts';
import { RequestLog } from '../../src/workos-local/control/request-log.ts';
import { localAccount } from '../../src/workos-local/index.ts';
import { type Listening, listen } from '../../src/workos-local/server.ts';
import { LocalClient } from '../../src/workos-local/testing/local-client.ts';
import { useBrowser } from './browser.ts';

const open = useBrowser();
let client: LocalClient;
let listening: Listening;
beforeAll(async () => {
  client = new LocalClient({ requests: new RequestLog() });
  listening = await listen(client.server, { port: 0 });
  const headers = { authorization: `Bearer ${localAccount.apiKey}`, 'content-type': 'application/json' };
  await fetch(`${listening.url}/organizations?limit=2`, { headers });
  await fetch(`${listening.url}/user_management/invitations`, {
    method: 'POST',
    headers,
    body: '{"email":"ada@example.com"}',
  });
  await fetch(`${listening.url}/organizations/org_none`, { headers });
  await client.post('/webhook_endpoints', {
    endpoint_url: 'http://127.0.0.1:9/hook',
    events: ['organization.created'],
  });
  await client.post('/organizations', { name: 'Hooked' });
  await client.server.webhooks.deliverDue();
  addFault(client.server.host, null, {
    operation: 'POST /organizations',
    status: 503,
    retryAfter: 1,
    times: 3,
  });
});
afterAll(async () => {
  await listening.close();
  client.server.close();
});

/** With SCREENSHOTS=FOLDER what a page looks like is kept there. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const places = [
  '',
  '/data',
  '/inbox',
  '/events',
  '/webhooks',
  '/requests',
  '/environments',
  '/clock',
  '/faults',
];

describe('the console in a browser', () => {
  it('is walked through without scripts', async () => {
    const page = await open();
    await page.goto(`${listening.url}/_local`);
    for (const name of [
      'Data',
      'Inbox',
      'Events',
      'Webhooks',
      'Requests',
      'Environments',
      'Clock',
      'Faults',
    ]) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await shoot(page, name.toLowerCase());
    }
    await page.getByRole('link', { name: 'Overview' }).click();
    await shoot(page, 'overview');
  });

  it('searches, looks at a row and at a request', async () => {
    const page = await open();
    await page.goto(`${listening.url}/_local/data/users`);
    await page.getByLabel('Search').fill('mara');
    await page.getByRole('button', { name: 'Search' }).click();
    await shoot(page, 'users');
    await page.getByRole('link', { name: 'user_123' }).click();
    await page.getByRole('heading', { name: 'mara@harborlight.example' }).waitFor();
    await shoot(page, 'user');
    await page.goto(`${listening.url}/_local/requests`);
    const row = page.getByRole('row', { name: /org_none/ });
    await row.getByRole('link').click();
    await page.getByText('entity_not_found').waitFor();
    await shoot(page, 'request');
  });

  it('makes an environment, moves the clock and adds a fault', async () => {
    const page = await open({ dark: true });
    await page.goto(`${listening.url}/_local/environments`);
    await page.getByLabel('Name').fill('Browser');
    await page.getByRole('button', { name: 'Create' }).click();
    const key = (await page.locator('dd code').first().textContent()) ?? '';
    await shoot(page, 'environment-made');
    expect((await client.get('/organizations', { key })).body.data).toEqual([]);
    await page.getByRole('link', { name: 'Clock' }).click();
    await page.getByRole('button', { name: '+11m' }).click();
    await page.getByText('660 seconds ahead').waitFor();
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByRole('link', { name: 'Faults' }).click();
    await page.getByLabel('Operation').fill('nothing');
    await page.getByLabel('Status').fill('500');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('There is no operation nothing').waitFor();
    await shoot(page, 'error');
  });

  it('fits a phone: nothing but tables is wider than it', async () => {
    const page = await open({ phone: true, dark: true });
    for (const place of places) {
      await page.goto(`${listening.url}/_local${place}`);
      expect([place, await page.evaluate<number>('document.documentElement.scrollWidth')]).toEqual([
        place,
        375,
      ]);
    }
    await shoot(page, 'phone-faults');
    await page.goto(`${listening.url}/_local`);
    await shoot(page, 'phone-overview');
  });
});
