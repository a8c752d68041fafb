import type { Integration } from './catalog.ts';
import type { SearchIndex } from './search.ts';

export { Catalog, Integration } from './catalog.ts';
export { currentFile, installedFolder } from './installed-folder.ts';
export { didYouMean, nearestNames } from './nearest.ts';
export type { Found, SearchIndex } from './search.ts';

/** Opens an integration's search index. The search library is loaded only here: most runs never search. */
export async function openSearch(integration: Integration): Promise<SearchIndex> {
  const { searchIndexOf } = await import('./search.ts');
  return searchIndexOf(integration);
}
