import { html } from 'hono/html';
import { type Html, rootFrom } from '../page.ts';

/** What stands where there is no page. */
export function notFoundHtml(path: string): Html {
  return html`<header class="heading"><h1>Nothing here</h1></header>
<p>There is no page <code>/${path}</code>. <a href="${rootFrom(path)}index.html">The front page</a> leads to every one there is.</p>`;
}
