import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');
const pages = readdirSync(docs).filter((name) => name.endsWith('.md'));
const linksIn = (text: string) =>
  [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);

describe('the project’s documentation', () => {
  it('has an index of every page', () => {
    const linked = new Set(linksIn(readFileSync(join(docs, 'README.md'), 'utf8')));
    expect(pages.filter((name) => name !== 'README.md' && !linked.has(name))).toEqual([]);
  });

  it.each(pages)('%s links to nothing that is not there', (name) => {
    const links = linksIn(readFileSync(join(docs, name), 'utf8').replace(/^```.*?^```$/gms, ''));
    const missing = links.filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(docs, link)));
    expect(missing).toEqual([]);
  });
});
