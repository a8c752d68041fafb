import type { SearchData } from '../search-shape.ts';

/** Something the search has found. */
export interface FoundPage {
  /** From the site's root, without an extension. */
  readonly path: string;
  readonly title: string;
  readonly detail: string;
  /** The integration of a function, or what kind of page it is. */
  readonly kind: string;
  readonly effect: string | null;
}

/** The search, which is loaded with its data when somebody looks for something. */
export interface PageSearch {
  load(data: SearchData): void;
  find(query: string): readonly FoundPage[];
}

declare global {
  var kosmoSearch: PageSearch | undefined;
}
