import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog, Integration } from '../catalog/index.ts';
import { manifestFileOf } from '../manifest/store.ts';
import { crosslinksOf, type Targets } from './crosslinks.ts';
import { IntegrationFunctions, plainFunction } from './functions.ts';
import { iconFile } from './layout/icons.ts';
import { type Shell, shellPage } from './layout/shell.ts';
import { llmsFull, llmsIndex } from './llms.ts';
import { type ManualPage, readManual } from './manual.ts';
import { firstParagraph } from './markdown/opening.ts';
import type { MenuGroup, Page, Section } from './page.ts';
import { frontBody, frontSummary, frontTitle } from './pages/front-page.ts';
import { functionBody } from './pages/function-page.ts';
import { integrationBody } from './pages/integration-page.ts';
import { manifestBody, manifestMarkdown } from './pages/manifest-page.ts';
import { markdownBody } from './pages/markdown-page.ts';
import { notFoundHtml } from './pages/not-found.ts';
import { serverBody } from './pages/server-page.ts';
import { searchData } from './search-data.ts';

/** A guide, as the site lists it. */
export interface GuideSummary {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
}

/** How the pages of a site ask for a run. */
export interface Runs {
  /** What they prove themselves with. */
  readonly token: string;
  /** The integrations that a throw-away server stands in for. */
  readonly integrations: readonly string[];
}

/** What a site is made from. */
export interface SiteSource {
  readonly catalog: Catalog;
  readonly guides: readonly GuideSummary[];
  /** The tools of MCP servers that have pages; none unless given. */
  readonly servers?: readonly Integration[];
  /** A page's markdown: `overview`, `integrations.workos`, `integrations.workos.list_users`. */
  read(page: string): Promise<string>;
  /** The programs an integration brings. */
  examples(integration: string): Promise<readonly { readonly lua: string }[]>;
  /** Where the project's own documentation is; null when there is none. */
  readonly manual: string | null;
  /** Where the built scripts and styles are. */
  readonly assets: string;
  readonly version: string;
  /** Of a site that is served and runs its examples. */
  readonly runs?: Runs;
}

/** A file of the site: its path, and what makes it. */
export interface SiteFile {
  readonly path: string;
  content(): Promise<string | Uint8Array>;
}

const assetFiles = ['site.css', 'front.css', 'functions.css', 'theme.js', 'site.js', 'search.js'];
/** Only of a site whose examples run. */
const runFiles = ['run.css', 'run.js'];

/** The documentation of all that is installed, as files that need no server. Each is made when it is asked for. */
export class Site {
  readonly files: ReadonlyMap<string, SiteFile>;
  readonly pages: readonly Page[];
  readonly #source: SiteSource;
  readonly #integrations: readonly IntegrationFunctions[];
  readonly #servers: readonly IntegrationFunctions[];
  readonly #manual: readonly ManualPage[];
  readonly #targets: Targets;
  readonly #shell: Shell;

  constructor(source: SiteSource) {
    this.#source = source;
    const { catalog, manual, guides } = source;
    this.#integrations = catalog.names().flatMap((name) => {
      const integration = catalog.get(name);
      return integration === undefined ? [] : [new IntegrationFunctions(integration)];
    });
    this.#servers = (source.servers ?? []).map((tools) => new IntegrationFunctions(tools));
    this.#manual = manual !== null && existsSync(manual) ? readManual(manual) : [];
    this.#targets = {
      integrations: [...this.#integrations, ...this.#servers],
      guides: new Set(guides.map(({ name }) => name)),
      manual: new Set(this.#manual.map(({ path }) => path)),
    };
    this.pages = this.#makePages();
    this.#shell = { version: source.version, menu: this.#menu(), runs: source.runs ?? null };
    this.files = new Map(this.#makeFiles().map((file) => [file.path, file]));
  }

  #makePages(): Page[] {
    const guides = this.#source.guides.map((guide) => this.#guidePage(guide));
    const manual = this.#manual.map((page) => this.#manualPage(page));
    const integrations = this.#integrations.flatMap((functions) => [
      this.#integrationPage(functions),
      ...functions.all.map((item) => this.#functionPage(functions, item)),
      this.#manifestPage(functions),
    ]);
    const servers = this.#servers.flatMap((tools) => [
      this.#serverPage(tools),
      ...tools.all.map((item) => this.#functionPage(tools, item)),
    ]);
    return [this.#frontPage(guides, manual), ...guides, ...manual, ...integrations, ...servers];
  }

  #makeFiles(): SiteFile[] {
    const { assets } = this.#source;
    const pages = this.pages.flatMap((page): SiteFile[] => [
      { path: `${page.path}.html`, content: async () => this.#html(page) },
      { path: `${page.path}.md`, content: async () => page.markdown() },
    ]);
    const manifests = this.#integrations.flatMap(({ integration: { name, folder } }): SiteFile[] =>
      folder === null
        ? []
        : [
            {
              path: `manifests/${manifestFileOf(name)}`,
              content: async () => readFileSync(join(folder, manifestFileOf(name))),
            },
          ],
    );
    return [
      ...pages,
      ...manifests,
      ...[...assetFiles, ...(this.#shell.runs === null ? [] : runFiles)].map((name) => ({
        path: `assets/${name}`,
        content: async () => readFileSync(join(assets, name)),
      })),
      { path: 'assets/icon.svg', content: async () => iconFile },
      {
        path: 'assets/search-data.js',
        content: async () => searchData([...this.#integrations, ...this.#servers], this.pages),
      },
      {
        path: 'llms.txt',
        content: async () => this.#llmsIndex(),
      },
      { path: 'llms-full.txt', content: async () => llmsFull(this.pages) },
    ];
  }

  #llmsIndex(): string {
    return llmsIndex(frontSummary, this.pages, this.#integrations, this.#servers);
  }

  async #html(page: Page): Promise<string> {
    return shellPage(this.#shell, page, await page.body(), await page.markdown());
  }

  /** What is answered where there is no page. */
  notFound(path: string): Promise<string> {
    const page: Page = {
      // Read from where it was asked for, so that its links lead to the site all the same.
      path: path.replace(/\/$/, '/index'),
      title: 'Nothing here',
      summary: 'There is no page at this address.',
      section: 'front',
      markdown: async () => '',
      body: async () => ({ html: notFoundHtml(path), headings: [] }),
    };
    return this.#html(page);
  }

  #menu(): MenuGroup[] {
    const links = (section: Section, pages = this.pages) =>
      pages
        .filter((page) => page.section === section)
        .map(({ path, title }) => ({ to: `${path}.html`, text: title }));
    const decisions = new Set(this.#manual.filter((page) => page.isDecision).map(({ path }) => path));
    const groups: MenuGroup[] = [
      { title: 'Guides', links: links('guides') },
      {
        title: 'Integrations',
        links: this.#integrations.map(({ path, title }) => ({ to: `${path}.html`, text: title })),
      },
      {
        title: 'MCP servers',
        links: this.#servers.map(({ path, title }) => ({ to: `${path}.html`, text: title })),
      },
      {
        title: 'Manual',
        links: links(
          'manual',
          this.pages.filter(({ path }) => !decisions.has(path)),
        ),
      },
    ];
    return groups.filter((group) => group.links.length > 0);
  }

  #frontPage(guides: readonly Page[], manual: readonly Page[]): Page {
    const decided = new Set(this.#manual.filter((page) => page.isDecision).map(({ path }) => path));
    return {
      path: 'index',
      title: frontTitle,
      summary: frontSummary,
      section: 'front',
      markdown: async () => this.#llmsIndex(),
      body: async () => {
        const examples = await Promise.all(this.#integrations.map(({ name }) => this.#source.examples(name)));
        // What comes in the box brings programs to begin with, and has the local server they run on.
        const begin =
          this.#integrations.find((_, index) => (examples[index] ?? []).length > 0) ?? this.#integrations[0];
        const page = begin === undefined ? '' : await this.#source.read(`integrations.${begin.name}`);
        return frontBody({
          integrations: this.#integrations,
          servers: this.#servers,
          begin,
          called: begin === undefined ? '' : plainFunction(begin, page),
          guides,
          manual: manual.filter(({ path }) => !decided.has(path)),
          decisions: manual.filter(({ path }) => decided.has(path)),
          example: narrowest(examples.flat().map(({ lua }) => lua)),
        });
      },
    };
  }

  #guidePage({ name, title, summary }: GuideSummary): Page {
    const path = `guides/${name}`;
    const markdown = () => this.#source.read(name);
    const crosslinks = crosslinksOf(this.#targets, path, null);
    return {
      path,
      title,
      summary,
      section: 'guides',
      markdown,
      body: async () => markdownBody(await markdown(), crosslinks, 'Guide'),
    };
  }

  #manualPage({ path, title, summary, markdown, isDecision }: ManualPage): Page {
    const crosslinks = crosslinksOf(this.#targets, path, null);
    return {
      path,
      title,
      summary,
      section: 'manual',
      markdown: async () => markdown,
      body: async () => markdownBody(markdown, crosslinks, isDecision ? 'Decision' : 'Manual'),
    };
  }

  #integrationPage(functions: IntegrationFunctions): Page {
    const { path, title, name, integration } = functions;
    const markdown = () => this.#source.read(`integrations.${name}`);
    const { description } = integration.reader.index;
    return {
      path,
      title,
      summary: firstParagraph(description) || `${title}: ${functions.all.length} functions.`,
      section: 'integrations',
      markdown,
      body: async () =>
        integrationBody(functions, await markdown(), crosslinksOf(this.#targets, path, functions)),
    };
  }

  #serverPage(tools: IntegrationFunctions): Page {
    const { path, title, page } = tools;
    const markdown = () => this.#source.read(page);
    return {
      path,
      title,
      summary: `${title}: ${tools.all.length} tools of an MCP server.`,
      section: 'servers',
      markdown,
      body: async () => serverBody(tools, await markdown(), crosslinksOf(this.#targets, path, tools)),
    };
  }

  #functionPage(functions: IntegrationFunctions, item: IntegrationFunctions['all'][number]): Page {
    const { path, name, entry } = item;
    const markdown = () => this.#source.read(`${functions.page}.${entry.slug}`);
    return {
      path,
      title: `${functions.name}.${name}`,
      summary: entry.summary,
      section: functions.isServer ? 'servers' : 'integrations',
      markdown,
      body: async () =>
        functionBody(functions, item, await markdown(), crosslinksOf(this.#targets, path, functions)),
    };
  }

  #manifestPage(functions: IntegrationFunctions): Page {
    const { name, title, integration } = functions;
    const path = `manifests/${name}`;
    const file = integration.folder === null ? null : manifestFileOf(name);
    return {
      path,
      title: `Manifest of ${title}`,
      summary: `What the functions of ${title} are made from.`,
      section: 'manifests',
      markdown: async () => manifestMarkdown(functions),
      body: async () => manifestBody(functions, path, file),
    };
  }
}

/** The program whose lines are the shortest. */
function narrowest(programs: readonly string[]): string | null {
  const widths = programs.map((program) => Math.max(...program.split('\n').map((line) => line.length)));
  return programs[widths.indexOf(Math.min(...widths))] ?? null;
}
