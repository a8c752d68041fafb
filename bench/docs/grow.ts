/** Writes an API of many functions, each a copy of one of WorkOS's with another noun in its names and texts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSearchIndex, searchFileOf } from '../../src/catalog/search.ts';
import type { Manifest } from '../../src/manifest/index.ts';
import { writeManifest } from '../../src/manifest/store.ts';

const nouns = [
  'invoice',
  'parcel',
  'ticket',
  'garden',
  'engine',
  'window',
  'harbour',
  'meadow',
  'lantern',
  'violin',
];

const [root = '', target = '', count = ''] = process.argv.slice(2);
// Written by the build of this repository.
const manifest = JSON.parse(
  readFileSync(join(root, 'dist/integrations/workos/workos-openapi-manifest.json'), 'utf8'),
) as Manifest;
const operations = Array.from({ length: Number(count) }, (_, index) => {
  const operation = manifest.operations[index % manifest.operations.length];
  if (operation === undefined) throw new Error('There are no operations.');
  const noun = nouns[Math.floor(index / manifest.operations.length)] ?? 'thing';
  return {
    ...operation,
    slug: `${operation.slug}_${noun}`,
    luaName: `${operation.luaName}_${noun}`,
    aliases: [],
    summary: `${operation.summary} for the ${noun}`,
  };
});
const grown = { ...manifest, integration: 'grown', title: 'Grown', operations };
writeManifest(join(target, 'grown'), grown);
writeFileSync(join(target, 'grown', searchFileOf('grown')), buildSearchIndex(grown));
