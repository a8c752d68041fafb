/** Asks every question several times, in turns with a plain search through the texts, and prints medians. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalog, openSearch } from '../../src/catalog/index.ts';
import { buildSearchIndex, searchFileOf } from '../../src/catalog/search.ts';
import type { Manifest, Operation } from '../../src/manifest/index.ts';
import { writeManifest } from '../../src/manifest/store.ts';
import { median } from '../harness/median.mjs';

const rounds = 20;
const nouns = (
  'invoice parcel ticket garden engine pillow window harbour meadow lantern copper violin saddle orchard ' +
  'tunnel blanket cabinet feather glacier hammer island jacket kettle ladder magnet needle'
).split(' ');

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

/** As many operations, each a copy of one of these with another noun in its texts. */
function grown(operations: readonly Operation[], count: number): Operation[] {
  return Array.from({ length: count }, (_, index) => {
    const operation = operations[index % operations.length];
    if (operation === undefined) throw new Error('There are no operations.');
    const turn = Math.floor(index / operations.length);
    if (turn === 0) return operation;
    const noun = nouns[turn % nouns.length] ?? '';
    return {
      ...operation,
      slug: `${operation.slug}_${noun}`,
      luaName: `${operation.luaName}_${noun}`,
      aliases: [],
      summary: `${operation.summary} for the ${noun}`,
      description: `${operation.description} The ${noun} stays as it is.`,
    };
  });
}

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
