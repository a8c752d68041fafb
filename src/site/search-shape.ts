import type { Effect } from '../manifest/index.ts';

/** What the browser searches: the indexes that every other search of kosmo uses, and where their pages are. */
export interface SearchData {
  readonly integrations: readonly SearchedIntegration[];
  readonly pages: readonly SearchedPage[];
}

export interface SearchedIntegration {
  readonly name: string;
  readonly title: string;
  /** Of the integration's page; a function's is below it. */
  readonly path: string;
  readonly functions: readonly SearchedFunction[];
  /** As the search engine wrote it down, as JSON. */
  readonly index: string;
}

/** Full name, Lua name, name of the page, effect, summary. */
export type SearchedFunction = readonly [string, string, string, Effect, string];

/** Path, title, kind, and the words it is found by: its summary and headings. */
export type SearchedPage = readonly [string, string, string, string];
