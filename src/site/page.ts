import type { html } from 'hono/html';
import type { Heading } from './markdown/markdown.ts';

/** A piece of a page. Made with `html` of `hono/html`, which escapes every value put into it. */
export type Html = ReturnType<typeof html>;

/** Which part of the site a page belongs to. */
export type Section = 'front' | 'guides' | 'integrations' | 'servers' | 'manual' | 'manifests';

/** A page of the site. It is at `PATH.html`, and its markdown beside it at `PATH.md`. */
export interface Page {
  /** From the site's root, without an extension: `integrations/workos/list_users`. */
  readonly path: string;
  readonly title: string;
  /** One sentence, as plain text. */
  readonly summary: string;
  readonly section: Section;
  /** As an agent reads it. */
  markdown(): Promise<string>;
  /** What stands between the site's header and its footer. */
  body(): Promise<PageBody>;
}

export interface PageBody {
  /** The page's own HTML, its heading included. */
  readonly html: Html;
  /** What can be jumped to. */
  readonly headings: readonly Heading[];
  /** Links beside the page; those of the whole site unless given. */
  readonly menu?: readonly MenuGroup[];
  /** As `class` of the body: what the page's layout depends on. */
  readonly layout?: 'front' | 'wide';
  /** Styles beside those that all pages share. */
  readonly styles?: 'front' | 'functions';
}

export interface MenuGroup {
  readonly title: string;
  readonly links: readonly MenuLink[];
}

export interface MenuLink {
  /** From the site's root: `integrations/workos.html#sso`. */
  readonly to: string;
  readonly text: string;
  /** Whether it is a name in code. */
  readonly code?: boolean;
}

/** The way from a page to the site's root: `../../` for a page two folders deep. */
export function rootFrom(path: string): string {
  return '../'.repeat(path.split('/').length - 1);
}
