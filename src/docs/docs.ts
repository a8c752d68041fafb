import {
  type Catalog,
  didYouMean,
  type Integration,
  nearestNames,
  openSearch,
  type SearchIndex,
  wordsOf,
} from '../catalog/index.ts';
import type { Effect } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import { type Example, functionExamples, integrationExamples } from './examples.ts';
import { functionPage } from './function-page.ts';
import { generalPages } from './general-pages.ts';
import { integrationPage } from './integration-page.ts';

export interface PageSummary {
  /** As `read` takes it. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
}

export interface SearchResult extends PageSummary {
  /** Of a function: what it does to data. */
  readonly effect?: Effect;
  readonly score: number;
}

/** A function that was found by words. */
export interface FoundFunction {
  /** Full name with its integration. */
  readonly function: string;
  readonly lua_name: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly score: number;
}

/** How many results a search gives unless told otherwise. */
const usualLimit = 10;

/** The documentation: general pages, a page for each integration, and one for each of its functions. */
export class Docs {
  readonly #catalog: Catalog;
  readonly #indexes = new Map<Integration, Promise<SearchIndex>>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** The general pages and the integrations. Functions are found by search, or on their integration's page. */
  list(): PageSummary[] {
    const general = generalPages.map(({ name, title, summary }) => ({ name, title, summary }));
    const integrations = this.#integrations().map((integration) => {
      const { title, operations } = integration.reader.index;
      return {
        name: integration.name,
        title,
        summary: `${title}: ${operations.length} functions, its account, how to begin.`,
      };
    });
    return [...general, ...integrations];
  }

  /** Functions and pages for plain words, best first. */
  async search(query: string, options: { readonly limit?: number } = {}): Promise<SearchResult[]> {
    const searches = this.#integrations().map((integration) => this.#searchFunctions(integration, query));
    const functions = (await Promise.all(searches)).flat().sort((a, b) => b.score - a.score);
    const pages = this.#searchPages(query, functions[0]?.score ?? 1);
    return [...pages, ...functions].slice(0, Math.max(0, options.limit ?? usualLimit));
  }

  /**
   * Functions for plain words, best first.
   * @param options.integration only this one's
   */
  async findFunctions(
    query: string,
    options: { readonly limit?: number; readonly integration?: string } = {},
  ): Promise<FoundFunction[]> {
    const { integration: only, limit = usualLimit } = options;
    const searched = this.#integrations().filter(({ name }) => only === undefined || name === only);
    const found = await Promise.all(
      searched.map(async (integration) =>
        (await this.#index(integration)).search(query).map(({ entry, score }) => ({
          function: `${integration.name}.${entry.slug}`,
          lua_name: entry.luaName,
          summary: entry.summary,
          effect: entry.effect,
          score: rounded(score),
        })),
      ),
    );
    return found
      .flat()
      .sort((a, b) => b.score - a.score)
      .slice(0, Math.max(0, limit));
  }

  /**
   * Things to try: of a function by any of its names, of an integration, or of all of them for no name.
   * @returns the failure when there is nothing of that name
   */
  examples(name: string): readonly Example[] | Failure {
    if (name.trim() === '') return this.#integrations().flatMap(integrationExamples);
    const [first = '', ...rest] = pathOf(name);
    const integration = this.#catalog.get(first);
    if (integration === undefined) return this.#unknown(name);
    if (rest.length === 0) return integrationExamples(integration);
    const entries = integration.find(rest.join('.'));
    return entries.length === 0
      ? this.#unknown(name, integration, rest.join('.'))
      : functionExamples(integration, entries);
  }

  async #searchFunctions(integration: Integration, query: string): Promise<SearchResult[]> {
    return (await this.#index(integration)).search(query).map(({ entry, score }) => {
      // A name that two functions share tells neither.
      const shared = integration.find(entry.luaName).length > 1;
      return {
        name: `${integration.name}.${shared ? entry.slug : entry.luaName}`,
        title: `${integration.name}.${entry.slug}`,
        summary: entry.summary,
        effect: entry.effect,
        score: rounded(score),
      };
    });
  }

  #index(integration: Integration): Promise<SearchIndex> {
    let index = this.#indexes.get(integration);
    if (index === undefined) {
      index = openSearch(integration);
      this.#indexes.set(integration, index);
    }
    return index;
  }

  /** Pages that speak of every word asked for; they are few, and go before the functions. */
  #searchPages(query: string, score: number): SearchResult[] {
    const asked = wordsOf(query);
    if (asked.length === 0) return [];
    const pages = this.list().filter((page) => {
      const words = new Set([page.name, page.title, page.summary].flatMap(wordsOf));
      return asked.every((word) => words.has(word));
    });
    // A page that is called what was asked for goes before one that mentions it.
    const called = (page: PageSummary) => (asked.includes(wordsOf(page.name)[0] ?? '') ? 0 : 1);
    return pages.sort((a, b) => called(a) - called(b)).map((page) => ({ ...page, score }));
  }

  /** A page's markdown: `overview`, `workos`, `workos.list_users`. */
  read(page: string): string | Failure {
    const name = page.trim();
    const general = generalPages.find((entry) => entry.name === name);
    if (general !== undefined) return general.markdown(this.#integrations());
    const [first = '', ...rest] = pathOf(name);
    const integration = this.#catalog.get(first);
    if (integration === undefined) return this.#unknown(name);
    if (rest.length === 0) return integrationPage(integration);
    const entries = integration.find(rest.join('.'));
    return entries.length === 0
      ? this.#unknown(name, integration, rest.join('.'))
      : functionPage(integration.name, integration.reader, entries);
  }

  #unknown(page: string, integration?: Integration, name?: string): Failure {
    const near =
      integration === undefined || name === undefined
        ? nearestNames(
            page,
            this.list().map((entry) => entry.name),
          )
        : integration.nearest(name).map((suggestion) => `${integration.name}.${suggestion}`);
    return failure('unknown_page', `There is no page ${page}.${didYouMean(near)}`, {
      details: { page, suggestions: near },
    });
  }

  #integrations(): Integration[] {
    return this.#catalog.names().flatMap((name) => this.#catalog.get(name) ?? []);
  }
}

/** A name's parts, however it is written: `app.integrations.workos.list_users`. */
function pathOf(name: string): string[] {
  return name
    .trim()
    .replace(/^(app\.)?integrations\./, '')
    .replace(/\.$/, '')
    .split('.');
}

function rounded(score: number): number {
  return Math.round(score * 100) / 100;
}

export function createDocs(catalog: Catalog): Docs {
  return new Docs(catalog);
}
