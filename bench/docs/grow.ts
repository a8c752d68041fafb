/** Writes an API of many functions, each a copy of one of WorkOS's with another noun in its names and texts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSearchIndex, searchFileOf } from '../../src/catalog/search.ts';
import type { Manifest } from '../../src/manifest/index.ts';
import { writeManifest } from '../../src/manifest/store.ts';
import { grown } from '../harness/grown.ts';

const [root = '', target = '', count = ''] = process.argv.slice(2);
// Written by the build of this repository.
const manifest = JSON.parse(
  readFileSync(join(root, 'dist/integrations/workos/workos-openapi-manifest.json'), 'utf8'),
) as Manifest;
const larger = {
  ...manifest,
  integration: 'grown',
  title: 'Grown',
  operations: grown(manifest.operations, Number(count)),
};
writeManifest(join(target, 'grown'), larger);
writeFileSync(join(target, 'grown', searchFileOf('grown')), buildSearchIndex(larger));
