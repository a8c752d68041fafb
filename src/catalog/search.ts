import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MiniSearch, { type Options } from 'minisearch';
import type { IndexedOperation, Manifest, Operation } from '../manifest/index.ts';
import { KosmoError } from '../support/errors.ts';
import type { Integration } from './catalog.ts';
import { synonymsOf, wordsOf } from './words.ts';

/** An operation found, with how well it fits. */
export interface Found {
  readonly entry: IndexedOperation;
  readonly score: number;
}

/** Finds an integration's operations by plain words. */
export interface SearchIndex {
  /** Best first. */
  search(query: string): Found[];
}

/** What is searched of an operation, and how much a hit there counts. */
const weights = { name: 6, summary: 3, tag: 1.5, path: 1.5, arguments: 0.6, description: 1 };
/** A word's synonyms count less than the word itself. */
const synonymWeight = 0.6;

const options: Options = {
  idField: 'slug',
  fields: Object.keys(weights),
  // Words are split and stemmed before they come here, both for the index and for a query.
  tokenize: (text) => text.split(' '),
  processTerm: (term) => (term === '' ? null : term),
};

export function searchFileOf(integration: string): string {
  return `${integration}-search.json`;
}

/** Builds an integration's index, as text to be written beside its manifest. */
export function buildSearchIndex(manifest: Manifest): string {
  const index = new MiniSearch(options);
  index.addAll(manifest.operations.map(searchable));
  return JSON.stringify(index);
}

function searchable(operation: Operation) {
  const { slug, luaName, summary, tag, path, description, parameters, body } = operation;
  const words = (...texts: readonly string[]) => texts.flatMap(wordsOf).join(' ');
  return {
    slug,
    name: words(luaName),
    summary: words(summary),
    tag: words(tag),
    path: words(path.replace(/\{[^}]*\}/g, ' ')),
    arguments: words(...parameters.map(({ argument }) => argument), ...(body?.properties ?? [])),
    description: words(description),
  };
}

/** Opens the index that was built with an integration's manifest. */
export function searchIndexOf(integration: Integration): SearchIndex {
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
  const index = MiniSearch.loadJSON(text, options);
  const bySlug = new Map(integration.reader.index.operations.map((entry) => [entry.slug, entry]));
  return {
    search(query) {
      const asked = new Set(wordsOf(query));
      const terms = [...new Set([...asked, ...[...asked].flatMap(synonymsOf)])];
      if (terms.length === 0) return [];
      const results = index.search(terms.join(' '), {
        boost: weights,
        prefix: (term) => asked.has(term) && term.length > 2,
        fuzzy: (term) => (asked.has(term) && term.length > 4 ? 0.2 : false),
        boostTerm: (term) => (asked.has(term) ? 1 : synonymWeight),
      });
      return results.flatMap(({ id, score }) => {
        const entry = bySlug.get(String(id));
        return entry === undefined ? [] : [{ entry, score }];
      });
    },
  };
}
