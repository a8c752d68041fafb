import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { useBuiltSite } from './built-site.ts';

const built = useBuiltSite();

function pageFiles(): string[] {
  return [...built().site.files.keys()].filter((path) => path.endsWith('.html'));
}

function read(path: string): string {
  return readFileSync(join(built().folder, path), 'utf8');
}

describe('the documentation as a site', () => {
  it('has a page for every function, guide and page of the manual', () => {
    const { site } = built();
    const paths = site.pages.map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith('integrations/workos/'))).toHaveLength(172);
    expect(paths).toEqual(
      expect.arrayContaining([
        'index',
        'guides/overview',
        'guides/errors',
        'manual/lua',
        'manual/cli',
        'integrations/workos',
        'integrations/workos/list_organizations',
        'manifests/workos',
      ]),
    );
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('has no link that leads nowhere, on any page', () => {
    const ids = new Map<string, ReadonlySet<string>>();
    const links: { from: string; href: string }[] = [];
    for (const path of pageFiles()) {
      const $ = load(read(path));
      const own = $('[id]')
        .map((_, element) => $(element).attr('id'))
        .get();
      expect([path, own.length]).toEqual([path, new Set(own).size]);
      ids.set(path, new Set(own));
      $('[href], [src]').each((_, element) => {
        links.push({ from: path, href: $(element).attr('href') ?? $(element).attr('src') ?? '' });
      });
    }
    const dead = links.filter(({ from, href }) => {
      if (/^(?:https?|mailto):/.test(href)) return false;
      const [file = '', anchor] = href.split('#');
      const target = file === '' ? from : join(dirname(from), file);
      if (!built().site.files.has(target)) return true;
      return anchor !== undefined && ids.get(target)?.has(decodeURIComponent(anchor)) !== true;
    });
    expect(links.length).toBeGreaterThan(5_000);
    expect(dead).toEqual([]);
  });

  it('loads nothing from anywhere else', () => {
    for (const path of pageFiles()) {
      const $ = load(read(path));
      const loaded = $('script, img, iframe, link[rel=stylesheet], link[rel=icon]')
        .map((_, element) => $(element).attr('src') ?? $(element).attr('href') ?? 'inline')
        .get();
      expect([path, loaded.filter((source) => /^(?:\w+:|\/\/|inline)/.test(source))]).toEqual([path, []]);
      expect($('[style], [onclick]').length).toBe(0);
    }
    expect(read('assets/site.css')).not.toMatch(/@import|url\((?!data:)/);
  });

  it('gives every page a name, a heading of the first level and a summary', () => {
    const titles = new Set<string>();
    for (const path of pageFiles()) {
      const $ = load(read(path));
      expect([path, $('h1').length, $('main h1').text().trim() !== '']).toEqual([path, 1, true]);
      expect([path, ($('meta[name=description]').attr('content') ?? '') !== '']).toEqual([path, true]);
      titles.add($('title').text());
    }
    expect(titles.size).toBe(pageFiles().length);
  });

  it('keeps its pages light', () => {
    const size = (path: string) => statSync(join(built().folder, path)).size;
    // Everything that a page loads, but for the search, which comes when somebody searches.
    const shared = size('assets/site.css') + size('assets/site.js') + size('assets/theme.js');
    expect(size('integrations/workos.html') + size('assets/functions.css') + shared).toBeLessThan(300 * 1024);
    const heavy = pageFiles()
      .filter((path) => path.startsWith('integrations/workos/'))
      .map((path) => ({ path, kilobytes: (size(path) + shared) / 1024 }))
      .filter(({ kilobytes }) => kilobytes > 60);
    expect(heavy).toEqual([]);
  });

  it('has each page as markdown beside it, and lists them all for language models', () => {
    const { site } = built();
    const index = read('llms.txt');
    expect(index).toMatch(/^# kosmo\n\n> /);
    const full = read('llms-full.txt');
    for (const { path } of site.pages.filter((page) => page.section !== 'front')) {
      const markdown = read(`${path}.md`);
      expect([path, markdown.includes('# ')]).toEqual([path, true]);
      expect([path, full.includes(markdown.trim())]).toEqual([path, true]);
      if (!path.startsWith('manifests/')) expect(index).toContain(`(${path}.md)`);
    }
  });
});
