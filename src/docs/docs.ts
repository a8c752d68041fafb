import {
  type Catalog,
  didYouMean,
  type Integration,
  nearestNames,
  openSearch,
  type SearchIndex,
} from '../catalog/index.ts';
// Not by the room's index: whoever only calls functions does without them.
import { withoutPhrases } from '../catalog/phrases.ts';
import { wordsOf } from '../catalog/words.ts';
import type { Effect } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import { type Example, functionExamples, integrationExamples } from './examples.ts';
import { type Asking, type FittedPage, fitPage, fitSection } from './fit.ts';
import { functionPage } from './function-page.ts';
import { type Guide, guides } from './guides/index.ts';
import { integrationPage } from './integration-page.ts';
import { fixed, flexible, type Page, wholeText } from './page.ts';
import { findSection, sectionsOf, sectionTitles } from './sections.ts';
import { toolsSoon, type Unsearched } from './server-tools.ts';
import { type Signature, signatureOf } from './signature.ts';

export interface PageSummary {
  /** As `read` takes it. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
}

export interface SearchResult extends PageSummary, Partial<Signature> {
  /** Of a function: what it does to data. */
  readonly effect?: Effect;
  readonly score: number;
}

/** A function that was found by words. */
export interface FoundFunction extends Signature {
  /** Full name with its integration. */
  readonly function: string;
  readonly lua_name: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly score: number;
}

/** What a search found, best first, and the servers whose tools it could not look through. */
export interface Searched<Result> {
  readonly results: readonly Result[];
  readonly unsearched: readonly Unsearched[];
}

export interface ReadOptions {
  /** How many tokens the page may be; `usual` is what an agent has room for. Whole unless given. */
  readonly tokens?: number | 'usual';
  /** Only the part under this heading. */
  readonly section?: string;
  /** How whoever reads can ask for more; `docs.read(…)` unless given. */
  readonly ask?: Asking;
}

/** A page as it was asked for. */
export interface ReadPage extends FittedPage {
  /** The name it goes by. */
  readonly page: string;
}

/** The MCP servers whose tools have pages. */
export interface ToolServers {
  /** Those that may run. */
  names(): readonly string[];
  /** A server's tools; the server is started when it must be. */
  integration(server: string): Promise<Integration | Failure>;
}

/** What there are pages about. */
export interface DocsScope {
  /** Only these; all unless given. */
  readonly integrations?: readonly string[];
  readonly servers?: readonly string[];
}

/** How many tokens of a page an agent is given unless it asks for more. */
export const usualTokens = { function: 600, other: 1_500 };

/** How many results a search gives unless told otherwise. */
const usualLimit = 10;

const noServers: ToolServers = {
  names: () => [],
  integration: async (name) => failure('unknown_server', `No MCP server is called ${name}.`),
};

/** The documentation: guides, a page for each integration and MCP server, and one for each of their functions. */
export class Docs {
  readonly #catalog: Catalog;
  readonly #servers: ToolServers;
  readonly #scope: DocsScope;
  readonly #indexes = new Map<Integration, Promise<SearchIndex>>();

  constructor(catalog: Catalog, servers: ToolServers, scope: DocsScope) {
    this.#catalog = catalog;
    this.#servers = servers;
    this.#scope = scope;
  }

  /** The guides, the integrations and the servers. Functions are found by search, or on these pages. */
  list(): PageSummary[] {
    const general = guides.map(({ name, title, summary }) => ({ name, title, summary }));
    const integrations = this.#integrations().map((integration) => {
      const { title, operations } = integration.reader.index;
      return {
        name: `integrations.${integration.name}`,
        title,
        summary: `${title}: ${operations.length} functions, its account, how to begin.`,
      };
    });
    const servers = this.#serverNames().map((server) => ({
      name: `mcp.${server}`,
      title: server,
      summary: `The tools of the MCP server ${server}.`,
    }));
    return [...general, ...integrations, ...servers];
  }

  /** Functions, tools and pages for plain words, best first. */
  async search(query: string, options: { readonly limit?: number } = {}): Promise<Searched<SearchResult>> {
    const limit = Math.max(0, options.limit ?? usualLimit);
    const { found, unsearched } = await this.#searchAll(query);
    const pages = this.#searchPages(query, found[0]?.score ?? 1);
    const functions = found.slice(0, limit).map(({ integration, entry, score }) => {
      // A name that two functions share tells neither.
      const shared = integration.find(entry.luaName).length > 1;
      return {
        name: `${integration.name}.${shared ? entry.slug : entry.luaName}`,
        title: `${integration.name}.${entry.slug}`,
        summary: entry.summary,
        effect: entry.effect,
        ...signatureOf(integration, entry),
        score: rounded(score),
      };
    });
    const results = [...pages, ...functions].sort((a, b) => b.score - a.score).slice(0, limit);
    return { results, unsearched };
  }

  /**
   * Functions for plain words, best first.
   * @param options.integration only this one's
   */
  async findFunctions(
    query: string,
    options: { readonly limit?: number; readonly integration?: string } = {},
  ): Promise<Searched<FoundFunction>> {
    const { integration: only, limit = usualLimit } = options;
    const { found, unsearched } = await this.#searchAll(query, only);
    const results = found.slice(0, Math.max(0, limit)).map(({ integration, entry, score }) => ({
      function: `${integration.name}.${entry.slug}`,
      lua_name: entry.luaName,
      summary: entry.summary,
      effect: entry.effect,
      ...signatureOf(integration, entry),
      score: rounded(score),
    }));
    return { results, unsearched };
  }

  /**
   * Things to try: of a function by any of its names, of an integration, or of all of them for no name.
   * @returns the failure when there is nothing of that name
   */
  async examples(name: string): Promise<readonly Example[] | Failure> {
    if (name.trim() === '') return this.#integrations().flatMap(integrationExamples);
    const found = await this.#find(name);
    if ('code' in found) return found;
    if (!('integration' in found)) return this.#unknown(name);
    const { integration, entries } = found;
    return entries === null ? integrationExamples(integration) : functionExamples(integration, entries);
  }

  /**
   * A page: `overview`, `integrations.workos`, `integrations.workos.list_users`, `mcp.github`, `mcp.github.search_issues`;
   * the `integrations.` may be left out.
   */
  async read(name: string, options: ReadOptions = {}): Promise<ReadPage | Failure> {
    const found = await this.#find(name);
    if ('code' in found) return found;
    const page = this.#page(found);
    const ask = options.ask ?? askInLua;
    const budget =
      options.tokens === 'usual'
        ? 'integration' in found && found.entries !== null
          ? usualTokens.function
          : usualTokens.other
        : (options.tokens ?? Number.POSITIVE_INFINITY);
    if (options.section === undefined) return { page: page.name, ...fitPage(page, budget, ask) };
    const text = wholeText(page);
    const section = findSection(text, options.section);
    if (section === null) {
      const titles = sectionTitles(text);
      return failure(
        'unknown_page',
        `The page ${page.name} has no section ${options.section}.${didYouMean(nearestNames(options.section, titles))}`,
        { hint: `It has: ${titles.join(', ')}.`, details: { page: page.name, sections: titles } },
      );
    }
    return { page: page.name, ...fitSection(page.name, section.text, budget, ask) };
  }

  #page(found: Found): Page {
    if ('guide' in found) return guidePage(found.guide, this.#integrations());
    const { integration, entries } = found;
    return entries === null ? integrationPage(integration) : functionPage(integration, entries);
  }

  async #find(page: string): Promise<Found | Failure> {
    const name = page.trim();
    const guide = guides.find((entry) => entry.name === name);
    if (guide !== undefined) return { guide };
    const server = /^(?:app\.)?mcp\.(.+)$/.exec(name)?.[1];
    if (server !== undefined) return this.#findTool(name, server);
    const [first = '', ...rest] = name
      .replace(/^(app\.)?integrations\./, '')
      .replace(/\.$/, '')
      .split('.');
    const integration = this.#inScope(first) ? this.#catalog.get(first) : undefined;
    if (integration === undefined) return this.#unknown(name);
    if (rest.length === 0) return { integration, entries: null };
    // The account may stand between, as in a program.
    const entries = [rest.join('.'), rest.slice(1).join('.')]
      .map((operation) => integration.find(operation))
      .find((named) => named.length > 0);
    return entries === undefined
      ? this.#unknown(name, integration, rest.join('.'))
      : { integration, entries };
  }

  /** A server's name and a tool's may have dots of their own. */
  async #findTool(page: string, path: string): Promise<Found | Failure> {
    const names = this.#serverNames();
    const server = names
      .filter((name) => path === name || path.startsWith(`${name}.`))
      .sort((a, b) => b.length - a.length)[0];
    if (server === undefined) {
      const [first = ''] = path.split('.');
      // What is wrong with a server that is there but may not run, its own failure says best.
      const integration = this.#scope.servers === undefined ? await this.#servers.integration(first) : null;
      if (integration !== null && 'code' in integration && integration.code !== 'unknown_server')
        return integration;
      return this.#unknown(page);
    }
    const integration = await this.#servers.integration(server);
    if ('code' in integration) return integration;
    const tool = path.slice(server.length + 1);
    if (tool === '') return { integration, entries: null };
    const entries = integration.find(tool);
    return entries.length === 0 ? this.#unknown(page, integration, tool) : { integration, entries };
  }

  async #searchAll(query: string, only?: string) {
    const installed = this.#integrations().filter(({ name }) => only === undefined || name === only);
    const servers = this.#serverNames().filter((name) => only === undefined || `mcp.${name}` === only);
    const unsearched: Unsearched[] = [];
    const searches = [
      ...installed.map((integration) => this.#searchOne(integration, query)),
      ...servers.map(async (server) => {
        const tools = await toolsSoon(server, this.#servers.integration(server));
        if (!('reason' in tools)) return this.#searchOne(tools, query);
        unsearched.push(tools);
        return [];
      }),
    ];
    const found = (await Promise.all(searches)).flat().sort((a, b) => b.score - a.score);
    return { found, unsearched };
  }

  async #searchOne(integration: Integration, query: string) {
    const index = await this.#index(integration);
    return index.search(query).map(({ entry, score }) => ({ integration, entry, score }));
  }

  #index(integration: Integration): Promise<SearchIndex> {
    let index = this.#indexes.get(integration);
    if (index === undefined) {
      index = openSearch(integration);
      this.#indexes.set(integration, index);
    }
    return index;
  }

  /**
   * Pages that speak of what is asked: of every word, and they go before the functions, because they are few; of half
   * of them, and they stand among them.
   */
  #searchPages(query: string, best: number): SearchResult[] {
    const asked = new Set(wordsOf(withoutPhrases(query)));
    if (asked.size === 0) return [];
    const keywords = new Map(guides.map((guide) => [guide.name, guide.keywords]));
    return this.list()
      .flatMap((page) => {
        const called = new Set(wordsOf(page.name.replace(/^integrations\./, '')));
        const words = new Set(
          [page.name, page.title, page.summary, keywords.get(page.name) ?? ''].flatMap(wordsOf),
        );
        const said = [...asked].filter((word) => words.has(word));
        const share = said.length / asked.size;
        // A page that is called what was asked for goes before one that mentions it.
        const score =
          best * (share === 1 ? 1 : share ** 2) * (said.some((word) => called.has(word)) ? 1.2 : 1);
        return share < 0.5 ? [] : [{ ...page, score: rounded(score) }];
      })
      .sort((a, b) => b.score - a.score);
  }

  #unknown(page: string, integration?: Integration, name?: string): Failure {
    const pages = this.list().map((entry) => entry.name);
    const near =
      integration === undefined || name === undefined
        ? nearestNames(page, [...pages, ...pages.map((entry) => entry.replace(/^integrations\./, ''))])
        : integration.nearest(name).map((suggestion) => `${integration.name}.${suggestion}`);
    return failure('unknown_page', `There is no page ${page}.${didYouMean(near)}`, {
      details: { page, suggestions: near },
    });
  }

  #integrations(): Integration[] {
    return this.#catalog
      .names()
      .filter((name) => this.#inScope(name))
      .flatMap((name) => this.#catalog.get(name) ?? []);
  }

  #inScope(name: string): boolean {
    return this.#scope.integrations?.includes(name) ?? true;
  }

  #serverNames(): readonly string[] {
    const { servers } = this.#scope;
    return this.#servers.names().filter((name) => servers?.includes(name) ?? true);
  }
}

/** What a page's name stands for. */
type Found =
  | { readonly guide: Guide }
  | {
      readonly integration: Integration;
      /** Null for the integration itself. */
      readonly entries: ReturnType<Integration['find']> | null;
    };

function guidePage({ name, markdown }: Guide, integrations: readonly Integration[]): Page {
  const [first, ...sections] = sectionsOf(markdown(integrations));
  const parts = sections.map(({ title, text }, at) =>
    flexible(text, { text: '', lacks: `“${title}”`, loss: Math.max(1, 50 - at) }),
  );
  return { name, parts: [fixed(first?.text ?? ''), ...parts] };
}

const askInLua: Asking = (page, tokens) => `\`docs.read("${page}", { tokens = ${tokens} })\`.`;

function rounded(score: number): number {
  return Math.round(score * 100) / 100;
}

/**
 * @param servers the MCP servers that have pages; none unless given
 * @param scope only these integrations and servers
 */
export function createDocs(catalog: Catalog, servers: ToolServers = noServers, scope: DocsScope = {}): Docs {
  return new Docs(catalog, servers, scope);
}
