import { html, raw } from 'hono/html';
import type { Crosslinks } from '../markdown/links.ts';
import { renderMarkdown } from '../markdown/markdown.ts';
import type { PageBody } from '../page.ts';

/** A page that is its markdown and nothing else: a guide, or one of the manual. */
export function markdownBody(markdown: string, crosslinks: Crosslinks, kind: string): PageBody {
  const { title, html: prose, headings } = renderMarkdown(markdown, crosslinks);
  const body = html`<p class="crumbs">${kind}</p>
<header class="heading"><h1>${title}</h1></header>
<div class="prose">${raw(prose)}</div>`;
  return { html: body, headings };
}
