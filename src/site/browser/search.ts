import MiniSearch from 'minisearch';
import { readIndex, type SearchEngine, searching } from '../../catalog/search-engine.ts';
import { wordsOf } from '../../catalog/words.ts';
import type { SearchData, SearchedFunction, SearchedPage } from '../search-shape.ts';
import type { FoundPage, PageSearch } from './page-search.ts';

/** How many pages and functions are shown. */
const most = 12;

interface Searched {
  readonly path: string;
  readonly title: string;
  readonly name: string;
  readonly engine: SearchEngine<Named>;
}

interface Named {
  readonly slug: string;
  readonly luaName: string;
  readonly page: string;
  readonly effect: SearchedFunction[3];
  readonly summary: string;
}

let integrations: readonly Searched[] = [];
let pages: readonly SearchedPage[] = [];
let pageIndex: MiniSearch | null = null;

const search: PageSearch = {
  load(data: SearchData) {
    integrations = data.integrations.map(({ name, title, path, functions, index }) => {
      const entries = functions.map(
        ([slug, luaName, page, effect, summary]): Named => ({
          slug,
          luaName,
          page,
          effect,
          summary,
        }),
      );
      return { name, title, path, engine: searching(entries, readIndex(index)) };
    });
    pages = data.pages;
    const index = new MiniSearch({
      fields: ['title', 'words'],
      tokenize: (text) => wordsOf(text),
      processTerm: (term) => term,
      searchOptions: { boost: { title: 4 }, prefix: true, combineWith: 'AND' },
    });
    index.addAll(pages.map(([, title, , words], id) => ({ id, title, words })));
    pageIndex = index;
  },
  find(query: string) {
    const functions = integrations
      .flatMap(({ name, path, engine }) =>
        engine.search(query).map(({ entry, score }) => ({ score, found: functionFound(name, path, entry) })),
      )
      .sort((a, b) => b.score - a.score)
      .map(({ found }) => found);
    const asked = query.trim().toLowerCase();
    const found = (pageIndex?.search(query) ?? []).flatMap(({ id }): FoundPage[] => {
      const page = pages[Number(id)];
      return page === undefined ? [] : [pageFound(page)];
    });
    // A page that is called what was asked for goes first; the others fill what the functions leave.
    const named = found.filter(({ title }) => title.toLowerCase().startsWith(asked));
    const others = found.filter((page) => !named.includes(page));
    const room = Math.min(3, others.length);
    return [
      ...named.slice(0, 3),
      ...functions.slice(0, most - named.slice(0, 3).length - room),
      ...others.slice(0, room),
    ];
  },
};

function functionFound(name: string, path: string, { page, effect, summary }: Named): FoundPage {
  return { path: `${path}/${page}`, title: page, detail: summary, kind: name, effect };
}

function pageFound([path, title, kind]: SearchedPage): FoundPage {
  return { path, title, detail: '', kind, effect: null };
}

globalThis.kosmoSearch = search;
