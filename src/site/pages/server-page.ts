import { html, raw } from 'hono/html';
import type { IntegrationFunctions } from '../functions.ts';
import type { Crosslinks } from '../markdown/links.ts';
import { renderMarkdown } from '../markdown/markdown.ts';
import { withoutSection } from '../markdown/sections.ts';
import { type PageBody, rootFrom } from '../page.ts';
import { explorer } from './integration-page.ts';

/** The page of an MCP server: what agents read, and all its tools. */
export function serverBody(
  functions: IntegrationFunctions,
  markdown: string,
  crosslinks: Crosslinks,
): PageBody {
  const { path, all, name } = functions;
  const server = name.slice('mcp.'.length);
  // The tools stand below, in a form for people; that they come from the server goes without saying.
  const rest = withoutSection(withoutSection(markdown, /^Functions\b/), /^Source\b/);
  const guide = renderMarkdown(rest, crosslinks);
  const body = html`<p class="crumbs">MCP server</p>
<header class="heading">
<h1>${guide.title}</h1>
<ul class="counts"><li><strong>${all.length}</strong> tools</li></ul>
</header>
<div class="prose"><p>Programs call its tools as <code>app.${name}.TOOL{ … }</code>, the command line as <code>kosmo mcp:call ${server} TOOL</code>; agents read this page with <code>docs.read("${name}")</code>.</p>
${raw(guide.html)}</div>
${explorer(functions, rootFrom(path))}`;
  return { html: body, headings: guide.headings, layout: 'wide', styles: 'functions' };
}
