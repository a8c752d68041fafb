import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MiniSearch, { type Options } from 'minisearch';
import type { IndexedOperation, Manifest, Operation } from '../manifest/index.ts';
import { KosmoError } from '../support/errors.ts';
import type { Integration } from './catalog.ts';
import { withoutPhrases } from './phrases.ts';
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
const weights = { name: 6, summary: 3, keywords: 3, tag: 1.5, path: 1.5, arguments: 0.6, description: 1 };
/** A word's synonyms count less than the word itself. */
const synonymWeight = 0.6;

const options: Options = {
  idField: 'slug',
  fields: Object.keys(weights),
  // Words are split and stemmed before they come here, both for the index and for a query.
  tokenize: (text) => text.split(' '),
  processTerm: (term) => (term === '' ? null : term),
};

/** How many are looked at more closely. */
const most = 200;

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
  const { slug, luaName, summary, tag, path, description, parameters, body, keywords } = operation;
  const words = (...texts: readonly string[]) => texts.flatMap(wordsOf).join(' ');
  return {
    slug,
    name: words(luaName),
    summary: words(summary),
    tag: words(tag),
    path: words(path.replace(/\{[^}]*\}/g, ' ')),
    arguments: words(...parameters.map(({ argument }) => argument), ...(body?.properties ?? [])),
    description: words(description),
    keywords: wordsOf(keywords ?? '')
      .map(asKeyword)
      .join(' '),
  };
}

/** A keyword is found by the word itself alone: its synonyms would be found by too much. */
function asKeyword(word: string): string {
  return `=${word}`;
}

/** Opens the index that was built with an integration's manifest. */
export function searchIndexOf(integration: Integration): SearchIndex {
  if (integration.folder === null) {
    const index = new MiniSearch(options);
    index.addAll(
      integration.reader.index.operations.map((entry) => searchable(integration.reader.operation(entry))),
    );
    return searching(integration, index);
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
  return searching(integration, MiniSearch.loadJSON(text, options));
}

function searching(integration: Integration, index: MiniSearch): SearchIndex {
  const bySlug = new Map(integration.reader.index.operations.map((entry) => [entry.slug, entry]));
  const nameWords = new Map<string, readonly string[]>();
  const wordsOfName = (name: string) => {
    const known = nameWords.get(name) ?? wordsOf(name);
    nameWords.set(name, known);
    return known;
  };
  /** Slips are looked for only in words that are nowhere: it costs more than all the rest. */
  const search = (terms: readonly string[], asked: ReadonlySet<string>) => {
    const settings = {
      boost: weights,
      prefix: (term: string) => asked.has(term) && term.length > 2,
      boostTerm: (term: string) => (asked.has(term) || term.startsWith('=') ? 1 : synonymWeight),
    };
    const text = terms.join(' ');
    const found = index.search(text, settings);
    const unknown = new Set([...asked].filter((term) => term.length > 4));
    for (const { queryTerms } of found) {
      if (unknown.size === 0) break;
      for (const term of queryTerms) unknown.delete(term);
    }
    if (unknown.size === 0) return found;
    return index.search(text, { ...settings, fuzzy: (term) => (unknown.has(term) ? 0.2 : false) });
  };
  return {
    search(query) {
      const asked = new Set(wordsOf(withoutPhrases(query)));
      const terms = [...new Set([...asked, ...[...asked].flatMap(synonymsOf)])];
      if (terms.length === 0) return [];
      const results = search([...terms, ...[...asked].map(asKeyword)], asked);
      const meant = new Set(terms);
      return results
        .slice(0, most)
        .flatMap(({ id, score }) => {
          const entry = bySlug.get(String(id));
          return entry === undefined
            ? []
            : [{ entry, score: score * nameFactor(wordsOfName(entry.luaName), asked, meant) }];
        })
        .sort((a, b) => b.score - a.score);
    },
  };
}

/** An operation whose whole name was said is more likely meant than one of which only a part was. */
function nameFactor(
  words: readonly string[],
  asked: ReadonlySet<string>,
  meant: ReadonlySet<string>,
): number {
  if (words.every((word) => asked.has(word))) return 1.6;
  return words.every((word) => meant.has(word)) ? 1.3 : 1;
}
