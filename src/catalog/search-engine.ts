import MiniSearch, { type Options } from 'minisearch';
import type { Operation } from '../manifest/index.ts';
import { withoutPhrases } from './phrases.ts';
import { synonymsOf, wordsOf } from './words.ts';

/** What a search has to know of an operation to rank it. */
export interface SearchEntry {
  readonly slug: string;
  readonly luaName: string;
}

/** An operation found, with how well it fits. */
export interface Hit<Entry> {
  readonly entry: Entry;
  readonly score: number;
}

/** Finds operations by plain words. */
export interface SearchEngine<Entry> {
  /** Best first. */
  search(query: string): Hit<Entry>[];
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

/** An index of operations, to be searched or written down. */
export function indexOperations(operations: Iterable<Operation>): MiniSearch {
  const index = new MiniSearch(options);
  for (const operation of operations) index.add(searchable(operation));
  return index;
}

/** The index that was written down as JSON. */
export function readIndex(json: string): MiniSearch {
  return MiniSearch.loadJSON(json, options);
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

/**
 * Searches an index. It runs wherever JavaScript does: the documentation's pages have the same search as the command
 * line.
 * @param entries the operations that were indexed
 */
export function searching<Entry extends SearchEntry>(
  entries: readonly Entry[],
  index: MiniSearch,
): SearchEngine<Entry> {
  const bySlug = new Map(entries.map((entry) => [entry.slug, entry]));
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
