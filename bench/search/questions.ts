/** Asks every question several times, in turns with a plain search through the texts, and prints medians. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalog, openSearch } from '../../src/catalog/index.ts';
import { buildSearchIndex, searchFileOf } from '../../src/catalog/search.ts';
import type { Manifest } from '../../src/manifest/index.ts';
import { writeManifest } from '../../src/manifest/store.ts';
import { grown } from '../harness/grown.ts';
import { median } from '../harness/median.mjs';

const rounds = 20;
const [root = '.'] = process.argv.slice(2);
const built = join(root, 'dist/integrations');
// Written by the build of this repository.
const manifest = JSON.parse(
  readFileSync(join(built, 'workos/workos-openapi-manifest.json'), 'utf8'),
) as Manifest;
const questions = readFileSync(join(root, 'test/fixtures/workos-questions.tsv'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t')[0] ?? '');

const folder = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
try {
  const results = [];
  for (const count of [manifest.operations.length, 2_000]) {
    const name = `zoo${count}`;
    const operations = grown(manifest.operations, count);
    const whole = { ...manifest, integration: name, operations };
    writeManifest(join(folder, name), whole);
    writeFileSync(join(folder, name, searchFileOf(name)), buildSearchIndex(whole));
    const integration = Catalog.open(folder).get(name);
    if (integration === undefined) throw new Error(`${name} was not written.`);
    const index = await openSearch(integration);
    const texts = operations.map(({ slug, summary, description }) =>
      `${slug} ${summary} ${description}`.toLowerCase(),
    );
    const ours: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const question of questions) {
        let started = performance.now();
        const found = index.search(question);
        ours.push(performance.now() - started);
        if (found.length === 0) throw new Error(`Nothing was found for: ${question}`);
        started = performance.now();
        const words = question.split(' ');
        texts.filter((text) => words.some((word) => text.includes(word)));
        plain.push(performance.now() - started);
      }
    }
    results.push({ count, ours: median(ours), plain: median(plain) });
  }
  process.stdout.write(JSON.stringify(results));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
