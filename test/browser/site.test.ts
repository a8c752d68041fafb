import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { Catalog, openSearch } from '../../src/catalog/index.ts';
import { productFolder } from '../../src/support/installation.ts';
import { barriers } from './barriers.ts';
import { useBrowser } from './browser.ts';
import { useBuiltSite } from './built-site.ts';

const open = useBrowser();
const built = useBuiltSite();

/** Opened from its folder, as somebody does who was sent it. */
function address(path: string): string {
  return pathToFileURL(join(built().folder, path)).href;
}

async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `site-${name}.png`) });
}

const kinds = [
  'index.html',
  'guides/overview.html',
  'guides/errors.html',
  'manual/cli.html',
  'manual/workos-local.html',
  'integrations/workos.html',
  'integrations/workos/create_organization.html',
  'integrations/workos/list_users.html',
  'integrations/workos/list_effective_permissions_organization_membership_resource_by_external_id.html',
  'manifests/workos.html',
];

describe('the site from a folder, in a browser', () => {
  it('opens without an error or a request to anybody', async () => {
    const page = await open({ scripts: true });
    const errors: string[] = [];
    const requests: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('request', (request) => requests.push(request.url()));
    for (const path of kinds) {
      await page.goto(address(path));
      await page.locator('h1').waitFor();
      await shoot(page, path.replaceAll('/', '-').replace('.html', ''));
    }
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
  });

  it('finds a function by what it does, with the keyboard alone', async () => {
    const page = await open({ scripts: true });
    await page.goto(address('index.html'));
    await page.keyboard.press('/');
    const field = page.getByRole('combobox', { name: 'Search' });
    await expect.poll(() => field.evaluate((node) => node.matches(':focus'))).toBe(true);
    await page.keyboard.type('kick a user out');
    await page.getByRole('option').first().waitFor();
    await shoot(page, 'search');
    expect(await page.getByRole('option').first().textContent()).toContain('delete_user');
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('option', { selected: true }).getAttribute('id')).toBe('found-1');
    expect(await field.getAttribute('aria-activedescendant')).toBe('found-1');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /delete_?user/ }).waitFor();
    expect(page.url()).toContain('integrations/workos/');
  });

  it('finds pages of the manual, forgives a slip, and closes with Escape', async () => {
    const page = await open({ scripts: true });
    await page.goto(address('integrations/workos/list_users.html'));
    await page.getByRole('button', { name: 'Search' }).click();
    await page.keyboard.type('command line');
    await page.getByRole('option', { name: /The command line/ }).waitFor();
    await page.getByRole('combobox').fill('create orgnization');
    await page
      .getByRole('option', { name: /create_organization/ })
      .first()
      .waitFor();
    await page.getByRole('combobox').fill('zzzzqqqq');
    await page.getByText('Nothing found.').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('finds what the command line finds, in the same order', async () => {
    const questions = readFileSync(join(import.meta.dirname, '../fixtures/workos-questions.tsv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[0] ?? '');
    const integration = Catalog.open(join(productFolder(), 'integrations')).get('workos');
    if (integration === undefined) throw new Error('workos is not built.');
    const index = await openSearch(integration);
    const page = await open({ scripts: true });
    await page.goto(address('index.html'));
    await page.keyboard.press('/');
    await page.keyboard.type('list');
    await page.getByRole('option').first().waitFor();
    const found = await page.evaluate<{ title: string; effect: string | null }[][]>(
      `${JSON.stringify(questions)}.map((question) => kosmoSearch.find(question))`,
    );
    const names = (slugs: readonly { luaName: string; slug: string }[]) =>
      slugs.map(({ luaName, slug }) => (integration.find(luaName).length > 1 ? slug : luaName));
    questions.forEach((question, at) => {
      const here = (found[at] ?? []).filter(({ effect }) => effect !== null).map(({ title }) => title);
      const there = names(index.search(question).map(({ entry }) => entry));
      expect([question, here]).toEqual([question, there.slice(0, here.length)]);
    });
    expect(questions.length).toBeGreaterThan(100);
  });

  it('copies an example', async () => {
    const page = await open({ scripts: true });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(address('integrations/workos/create_organization.html'));
    const example = page.locator('.code[data-lang=lua]').first();
    expect(await page.getByRole('button', { name: 'Run' }).count()).toBe(0);
    await example.hover();
    await example.getByRole('button', { name: 'Copy' }).click();
    await example.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toContain('app.integrations.workos.create_organization{ name = ');
    expect(copied).toBe(await example.locator('code').textContent());
  });

  it('is light or dark as the system says, until the switch says otherwise, on every page from then on', async () => {
    const page = await open({ scripts: true, dark: true });
    const background = () =>
      page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    await page.goto(address('index.html'));
    const dark = await background();
    await page.getByRole('button', { name: 'Dark colours', pressed: true }).click();
    await page.getByRole('button', { name: 'Dark colours', pressed: false }).waitFor();
    const light = await background();
    expect(light).not.toBe(dark);
    await page.goto(address('guides/errors.html'));
    expect(await background()).toBe(light);
  });

  it('filters the functions by what they do and by words', async () => {
    const page = await open({ scripts: true });
    await page.goto(address('integrations/workos.html'));
    const shown = page.locator('.explorer .function:visible');
    expect(await shown.count()).toBe(172);
    await page.getByText('destructive', { exact: true }).first().click();
    await page.getByRole('radio', { name: 'destructive' }).check({ force: true });
    const destructive = await shown.count();
    expect(destructive).toBeGreaterThan(10);
    expect(await page.locator('.explorer .function:visible .effect:not(.destructive)').count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Words in the name' }).fill('role');
    await page.getByText(/^\d+ of 172$/).waitFor();
    expect(await shown.count()).toBeLessThan(destructive);
    await shoot(page, 'filtered');
  });

  it('fits a phone: nothing is wider than it, and the menu opens', async () => {
    const page = await open({ scripts: true, phone: true });
    for (const path of kinds) {
      await page.goto(address(path));
      expect([path, await page.evaluate<number>('document.documentElement.scrollWidth')]).toEqual([
        path,
        375,
      ]);
    }
    await page.goto(address('integrations/workos/list_users.html'));
    await shoot(page, 'phone');
    await page.getByRole('button', { name: 'Menu' }).click();
    await shoot(page, 'phone-menu');
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { level: 1, name: 'WorkOS' }).waitFor();
  });

  it('says everything without scripts, and shows no button that would do nothing', async () => {
    const page = await open({ scripts: false, phone: true });
    await page.goto(address('integrations/workos.html'));
    expect(await page.getByRole('button', { name: 'Search' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Dark colours' }).count()).toBe(0);
    await page.getByRole('radio', { name: 'write', exact: true }).check({ force: true });
    expect(await page.locator('.explorer .function:visible .effect:not(.write)').count()).toBe(0);
    await page.getByRole('radio', { name: 'all', exact: true }).check({ force: true });
    await page.getByRole('button', { name: 'Menu' }).click();
    await page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name: 'API keys', exact: true })
      .click();
    await page.keyboard.press('Escape');
    await page
      .locator('#group-api-keys + p + ul')
      .getByRole('link', { name: /validate_?api_?key/ })
      .click();
    await page.getByText('Raw agent markdown').click();
    await page.getByText('# workos.validate_api_key').waitFor();
  });

  it('goes from page to page with the keyboard alone', async () => {
    const page = await open({ scripts: true });
    await page.goto(address('integrations/workos/create_organization.html'));
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('WorkOS');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'WorkOS' }).waitFor();
  });

  for (const dark of [false, true]) {
    it(`has no barrier that axe knows of, in ${dark ? 'dark' : 'light'}`, async () => {
      const page = await open({ scripts: true, dark });
      for (const path of kinds) {
        await page.goto(address(path));
        expect([path, await barriers(page)]).toEqual([path, []]);
      }
      await page.keyboard.press('/');
      await page.keyboard.type('list users');
      await page.getByRole('option').first().waitFor();
      expect(['search', await barriers(page)]).toEqual(['search', []]);
    });
  }

  it('has no barrier on a phone, with the menu open', async () => {
    const page = await open({ scripts: true, phone: true });
    await page.goto(address('integrations/workos/create_organization.html'));
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Menu' }).click();
    expect(await barriers(page)).toEqual([]);
  });
});
