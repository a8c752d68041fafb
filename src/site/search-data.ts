import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { searchFileOf } from '../catalog/search.ts';
import { indexOperations } from '../catalog/search-engine.ts';
import type { IntegrationFunctions } from './functions.ts';
import type { Page } from './page.ts';
import type { SearchData, SearchedIntegration, SearchedPage } from './search-shape.ts';

const kinds: Readonly<Record<string, string>> = { guides: 'Guide', manual: 'Manual', manifests: 'Manifest' };

/** The script that hands the data over. A page that is opened from a folder may load scripts, and nothing else. */
export async function searchData(
  integrations: readonly IntegrationFunctions[],
  pages: readonly Page[],
): Promise<string> {
  const found: SearchedPage[] = integrations.map(({ path, title, name, isServer }) => [
    path,
    title,
    isServer ? 'MCP server' : 'Integration',
    `${name} ${isServer ? 'server tools' : 'integration functions'}`,
  ]);
  for (const page of pages) {
    const kind = kinds[page.section];
    if (kind === undefined) continue;
    const headings = (await page.markdown()).match(/^#{2,3} .*$/gm) ?? [];
    found.push([page.path, page.title, kind, [page.summary, ...headings].join(' ')]);
  }
  const data: SearchData = { integrations: integrations.map(searched), pages: found };
  return `globalThis.kosmoSearch.load(${JSON.stringify(data)});\n`;
}

function searched(functions: IntegrationFunctions): SearchedIntegration {
  const { integration, name, title, path, all } = functions;
  const { folder, reader } = integration;
  return {
    name,
    title,
    path,
    functions: all.map(({ entry: { slug, luaName, effect, summary }, name: page }) => [
      slug,
      luaName,
      page,
      effect,
      summary,
    ]),
    index:
      folder === null
        ? JSON.stringify(indexOperations(all.map(({ entry }) => reader.operation(entry))))
        : readFileSync(join(folder, searchFileOf(name)), 'utf8'),
  };
}
