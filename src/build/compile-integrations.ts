import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSearchIndex, searchFileOf } from '../catalog/search.ts';
import { compileManifest } from '../manifest/compile.ts';
import { writeManifest } from '../manifest/store.ts';
import { readDocumentFile, readDocumentPackage } from '../spec/document.ts';
import { applyOverlay } from '../spec/overlay.ts';
import { KosmoError } from '../support/errors.ts';
import { isJsonObject } from '../support/json.ts';

/**
 * Compiles every integration of `integrations/` that ships in the box.
 *
 * Arguments: the repository's root; the folder for the manifests; the folder for the documents with their overlays
 * applied, from which the types of the local server are made.
 */
function main([root, manifests, documents]: readonly string[]): void {
  if (root === undefined || manifests === undefined || documents === undefined) {
    throw new KosmoError('usage', 'compile-integrations ROOT MANIFESTS DOCUMENTS');
  }
  mkdirSync(documents, { recursive: true });
  for (const name of readdirSync(join(root, 'integrations'))) {
    const folder = join(root, 'integrations', name);
    if (existsSync(join(folder, 'source.json'))) compile(root, folder, join(manifests, name), documents);
  }
}

function compile(root: string, folder: string, target: string, documents: string): void {
  const started = performance.now();
  const source = readSource(folder);
  const document = readDocumentPackage(source.package, source.file, join(root, 'package.json'));
  const overlays = source.overlays.map((file) => readDocumentFile(join(folder, file), file));
  const overlaid = overlays.reduce(
    (content, overlay) => applyOverlay(content, overlay.content, overlay.location),
    document.content,
  );
  const manifest = compileManifest(source.integration, document, overlaid, overlays);
  writeManifest(target, manifest);
  writeFileSync(join(target, searchFileOf(source.integration)), buildSearchIndex(manifest));
  // What a newer document is compiled with.
  for (const file of ['source.json', ...source.overlays]) cpSync(join(folder, file), join(target, file));
  for (const page of ['guide.md', 'examples.md']) {
    if (existsSync(join(folder, page))) cpSync(join(folder, page), join(target, page));
  }
  writeFileSync(join(documents, `${source.integration}-openapi.json`), JSON.stringify(overlaid));
  const elapsed = Math.round(performance.now() - started);
  process.stdout.write(`${source.integration}: ${manifest.operations.length} operations (${elapsed} ms)\n`);
}

function readSource(folder: string) {
  const path = join(folder, 'source.json');
  const source: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isJsonObject(source)) throw new KosmoError('document_invalid', `${path} is no object.`);
  const { integration, package: packageName, file, overlays } = source;
  if (typeof integration !== 'string' || typeof packageName !== 'string' || typeof file !== 'string') {
    throw new KosmoError('document_invalid', `${path} needs integration, package and file.`);
  }
  const overlayFiles = Array.isArray(overlays) ? overlays.map(String) : [];
  return { integration, package: packageName, file, overlays: overlayFiles };
}

main(process.argv.slice(2));
