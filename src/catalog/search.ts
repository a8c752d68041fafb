import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IndexedOperation, Manifest } from '../manifest/index.ts';
import { KosmoError } from '../support/errors.ts';
import type { Integration } from './catalog.ts';
import { type Hit, indexOperations, readIndex, type SearchEngine, searching } from './search-engine.ts';

/** An operation found, with how well it fits. */
export type Found = Hit<IndexedOperation>;

/** Finds an integration's operations by plain words. */
export type SearchIndex = SearchEngine<IndexedOperation>;

export function searchFileOf(integration: string): string {
  return `${integration}-search.json`;
}

/** Builds an integration's index, as text to be written beside its manifest. */
export function buildSearchIndex(manifest: Manifest): string {
  return JSON.stringify(indexOperations(manifest.operations));
}

/** Opens the index that was built with an integration's manifest. */
export function searchIndexOf(integration: Integration): SearchIndex {
  if (integration.folder === null) {
    const { reader } = integration;
    const operations = reader.index.operations.map((entry) => reader.operation(entry));
    return searching(reader.index.operations, indexOperations(operations));
  }
  const path = join(integration.folder, searchFileOf(integration.name));
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new KosmoError(
      'document_invalid',
      `The search index of ${integration.name} cannot be read: ${path}`,
      {
        hint: 'Build it again.',
      },
    );
  }
  return searching(integration.reader.index.operations, readIndex(text));
}
