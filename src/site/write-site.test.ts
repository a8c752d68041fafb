import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Catalog } from '../catalog/index.ts';
import { buildSearchIndex, searchFileOf } from '../catalog/search.ts';
import { compileManifest } from '../manifest/compile.ts';
import { writeManifest } from '../manifest/store.ts';
import { KosmoError } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { Site } from './site.ts';
import { writeSite } from './write-site.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kosmo-write-site-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A site about an API of these paths. */
function siteOf(paths: JsonObject): Site {
  const home = join(folder, `catalog-${Object.keys(paths).length}`);
  const document = { info: { title: 'Zoo' }, paths };
  const source = { content: document, location: 'zoo.yaml', version: '1', sha256: '0' };
  const manifest = compileManifest('zoo', source, document, []);
  writeManifest(join(home, 'zoo'), manifest);
  writeFileSync(join(home, 'zoo', searchFileOf('zoo')), buildSearchIndex(manifest));
  const assets = join(folder, 'assets');
  mkdirSync(assets, { recursive: true });
  for (const name of ['site.css', 'front.css', 'functions.css', 'theme.js', 'site.js', 'search.js'])
    writeFileSync(join(assets, name), '');
  return new Site({
    catalog: Catalog.open(home),
    guides: [{ name: 'overview', title: 'Overview', summary: 'All of it.' }],
    read: async (page) => `# ${page}\n\nWords about \`zoo.list_pets\`.\n`,
    examples: async () => [],
    manual: null,
    assets,
    version: '1.0.0',
  });
}

const listPets = {
  get: { operationId: 'Pets_list', summary: 'List the pets', tags: ['pets'], responses: {} },
};
const getPet = { get: { operationId: 'Pets_get', summary: 'Get a pet', tags: ['pets'], responses: {} } };

describe('writing a site', () => {
  it('writes what any installed API brings, with links from one page to another', async () => {
    const out = join(folder, 'deep/out');
    const { pages, files } = await writeSite(siteOf({ '/pets': listPets }), out);
    expect(pages).toBe(5);
    expect(files).toBeGreaterThan(10);
    expect(readFileSync(join(out, 'integrations/zoo/list_pets.html'), 'utf8')).toContain('zoo_pets_list');
    const guide = readFileSync(join(out, 'guides/overview.html'), 'utf8');
    expect(guide).toContain('href="../integrations/zoo/list_pets.html"');
    expect(readFileSync(join(out, 'guides/overview.md'), 'utf8')).toBe(
      '# overview\n\nWords about `zoo.list_pets`.\n',
    );
  });

  it('takes away the pages that are gone, and leaves what it did not write', async () => {
    const out = join(folder, 'out');
    await writeSite(siteOf({ '/pets': listPets, '/pets/{id}': getPet }), out);
    writeFileSync(join(out, 'CNAME'), 'docs.example');
    expect(existsSync(join(out, 'integrations/zoo/get_pet.html'))).toBe(true);
    await writeSite(siteOf({ '/pets': listPets }), out);
    expect(existsSync(join(out, 'integrations/zoo/get_pet.html'))).toBe(false);
    expect(existsSync(join(out, 'integrations/zoo/get_pet.md'))).toBe(false);
    expect(existsSync(join(out, 'integrations/zoo/list_pets.html'))).toBe(true);
    expect(readFileSync(join(out, 'CNAME'), 'utf8')).toBe('docs.example');
  });

  it('takes nothing away that lies outside the folder, whatever the list there says', async () => {
    const out = join(folder, 'out');
    const site = siteOf({ '/pets': listPets });
    await writeSite(site, out);
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    writeFileSync(join(out, '.kosmo-site'), `../mine.txt\n${join(folder, 'mine.txt')}\n`);
    await writeSite(site, out);
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('writes nothing into a folder that holds something else, or where it cannot', async () => {
    const site = siteOf({ '/pets': listPets });
    const mine = join(folder, 'mine');
    mkdirSync(mine);
    writeFileSync(join(mine, 'index.html'), 'mine');
    await expect(writeSite(site, mine)).rejects.toMatchObject({ failure: { code: 'usage' } });
    expect(readFileSync(join(mine, 'index.html'), 'utf8')).toBe('mine');
    const thrown = await writeSite(site, join(mine, 'index.html')).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(KosmoError);
    expect(String(thrown)).toContain('ENOTDIR');
  });
});
