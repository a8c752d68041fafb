import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEnvironment } from '../../src/workos-local/control/environments.ts';
import { changeSettings, resetSettings } from '../../src/workos-local/control/sign-in-settings.ts';
import { localAccount } from '../../src/workos-local/index.ts';
import { type Application, openApplication } from './application.ts';
import { barriers } from './barriers.ts';
import { useBrowser } from './browser.ts';

// Every kind of page once in each scheme, the narrow ones as on a phone. `SHOTS=folder` keeps a picture of each.
const open = useBrowser();
const password = 'seven quiet rivers';

let application: Application;
let base: string;
beforeAll(async () => {
  application = await openApplication();
  base = application.listening.url;
  const { client, home } = application;
  const user = (
    await client.post('/user_management/users', {
      email: 'ada@pages.example',
      password,
      email_verified: true,
    })
  ).body;
  for (const name of ['Northwind', 'Southwind']) {
    const organization = (await client.post('/organizations', { name })).body;
    await client.post('/user_management/organization_memberships', {
      user_id: user.id,
      organization_id: organization.id,
    });
  }
  await client.post('/webhook_endpoints', { endpoint_url: `${home}/hook`, events: ['organization.created'] });
  await client.post('/organizations', { name: 'Eastwind' });
  await client.server.webhooks.deliverDue();
});
afterAll(() => application.close());

const authorizeUrl = (more: Record<string, string> = {}) =>
  `${base}/user_management/authorize?${new URLSearchParams({
    client_id: localAccount.clientId,
    redirect_uri: `${application.home}/callback`,
    response_type: 'code',
    provider: 'authkit',
    ...more,
  }).toString()}`;

async function signIn(page: Page): Promise<void> {
  await page.goto(authorizeUrl());
  await page.getByLabel('E-mail address').fill('ada@pages.example');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const settings = (changes: Parameters<typeof changeSettings>[2]) => {
  const { host } = application.client.server;
  changeSettings(host, findEnvironment(host, undefined), changes);
};

async function portal(page: Page, intent: string): Promise<void> {
  const { data } = (await application.client.get('/organizations?search=Harborlight')).body;
  const link = await application.client.post('/portal/generate_link', { organization: data[0].id, intent });
  const url = new URL(link.body.link);
  await page.goto(base + url.pathname + url.search);
}

async function organizationPath(): Promise<string> {
  const { data } = (await application.client.get('/organizations?search=Northwind')).body;
  return data[0].id;
}

/** How to get to each page. */
const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'sign-in': (page) => page.goto(authorizeUrl()),
  'sign-in refused': async (page) => {
    await page.goto(authorizeUrl());
    await page.getByLabel('E-mail address').fill('nobody@pages.example');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
  },
  'sign-up': (page) => page.goto(authorizeUrl({ screen_hint: 'sign-up' })),
  'sign-up refused': async (page) => {
    await page.goto(authorizeUrl({ screen_hint: 'sign-up' }));
    await page.getByLabel('E-mail address').fill('ada@pages.example');
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Create account' }).click();
  },
  code: async (page) => {
    await page.goto(authorizeUrl());
    await page.getByLabel('E-mail address').fill('ada@pages.example');
    await page.getByRole('button', { name: 'E-mail me a code' }).click();
  },
  'forgotten password': async (page) => {
    await page.goto(authorizeUrl());
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
  },
  'choice of an organization': signIn,
  'second factor': async (page) => {
    settings({ mfa: 'required' });
    await signIn(page);
  },
  device: (page) => page.goto(`${base}/device`),
  'identity provider': async (page) => {
    await page.goto(authorizeUrl());
    await page.getByLabel('E-mail address').fill('mara@harborlight.example');
    await page.getByLabel('Password').fill('x');
    await page.getByRole('button', { name: 'Sign in' }).click();
  },
  'not a redirect URI': (page) => page.goto(authorizeUrl({ redirect_uri: 'https://other.example/' })),
  'nothing here': (page) => page.goto(`${base}/_local/nothing`),
  'portal: single sign-on': (page) => portal(page, 'sso'),
  'portal: directory': (page) => portal(page, 'dsync'),
  'portal: domains': (page) => portal(page, 'domain_verification'),
  'portal: audit log': (page) => portal(page, 'audit_logs'),
  'portal: certificates': (page) => portal(page, 'certificate_renewal'),
  'portal: log streams': (page) => portal(page, 'log_streams'),
  'portal: encryption keys': (page) => portal(page, 'bring_your_own_key'),
  'console: overview': (page) => page.goto(`${base}/_local`),
  'console: data': (page) => page.goto(`${base}/_local/data`),
  'console: table': (page) => page.goto(`${base}/_local/data/users`),
  'console: row': async (page) => page.goto(`${base}/_local/data/organizations/${await organizationPath()}`),
  'console: inbox': (page) => page.goto(`${base}/_local/inbox`),
  'console: events': (page) => page.goto(`${base}/_local/events`),
  'console: webhooks': (page) => page.goto(`${base}/_local/webhooks`),
  'console: requests': (page) => page.goto(`${base}/_local/requests`),
  'console: sign-in': (page) => page.goto(`${base}/_local/settings`),
  'console: environments': (page) => page.goto(`${base}/_local/environments`),
  'console: clock': (page) => page.goto(`${base}/_local/clock`),
  'console: faults': (page) => page.goto(`${base}/_local/faults`),
};

describe.each(Object.entries(pages))('the page %s', (name, go) => {
  it.each([
    ['light', { scripts: true, phone: true }],
    ['dark', { scripts: true, dark: true }],
  ])('has no barrier that axe knows of, in %s', async (scheme, options) => {
    const page = await open(options);
    try {
      await go(page);
      expect(await page.title()).not.toBe('');
      if (process.env['SHOTS']) {
        const file = `${name.replaceAll(/\W+/g, '-')}-${scheme}.png`;
        await page.screenshot({ path: `${process.env['SHOTS']}/${file}`, fullPage: true });
      }
      expect(await barriers(page)).toEqual([]);
      // Nothing but what scrolls by itself is wider than the window.
      const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate<number>(wider)).toBe(0);
    } finally {
      const { host } = application.client.server;
      resetSettings(host, findEnvironment(host, undefined));
    }
  });
});
