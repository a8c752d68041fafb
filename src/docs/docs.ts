import {
  type Catalog,
  didYouMean,
  type Integration,
  nearestNames,
  type SearchIndex,
  searchIndexOf,
} from '../catalog/index.ts';
import type { Effect } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
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

/** How many results a search gives unless told otherwise. */
const usualLimit = 10;

/** The documentation: general pages, a page for each integration, and one for each of its functions. */
export class Docs {
  readonly #catalog: Catalog;
  readonly #indexes = new Map<Integration, SearchIndex>();

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

  /** Functions for plain words, best first. */
  search(query: string, options: { readonly limit?: number } = {}): SearchResult[] {
    const found = this.#integrations().flatMap((integration) =>
      this.#indexOf(integration)
        .search(query)
        .map(({ entry, score }) => ({
          name: `${integration.name}.${entry.luaName}`,
          title: `${integration.name}.${entry.slug}`,
          summary: entry.summary,
          effect: entry.effect,
          score: Math.round(score * 100) / 100,
        })),
    );
    return found.sort((a, b) => b.score - a.score).slice(0, options.limit ?? usualLimit);
  }

  /** A page's markdown: `overview`, `workos`, `workos.list_users`. */
  read(page: string): string | Failure {
    const name = page.trim();
    const general = generalPages.find((entry) => entry.name === name);
    if (general !== undefined) return general.markdown();
    const [first = '', ...rest] = name.replace(/^(app\.)?integrations\./, '').split('.');
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

  #indexOf(integration: Integration): SearchIndex {
    let index = this.#indexes.get(integration);
    if (index === undefined) {
      index = searchIndexOf(integration);
      this.#indexes.set(integration, index);
    }
    return index;
  }
}

export function createDocs(catalog: Catalog): Docs {
  return new Docs(catalog);
}
