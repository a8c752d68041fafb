import { html, raw } from 'hono/html';
import type { FunctionEntry, IntegrationFunctions } from '../functions.ts';
import { effectBadge, route } from '../layout/badges.ts';
import { alternativesApart } from '../markdown/alternatives.ts';
import type { Crosslinks } from '../markdown/links.ts';
import { breakable, renderMarkdown } from '../markdown/markdown.ts';
import { type MenuGroup, type PageBody, rootFrom } from '../page.ts';

/** The page of one function. */
export function functionBody(
  functions: IntegrationFunctions,
  item: FunctionEntry,
  markdown: string,
  crosslinks: Crosslinks,
): PageBody {
  const root = rootFrom(item.path);
  const { entry, name } = item;
  const { html: prose, headings } = renderMarkdown(alternativesApart(markdown), crosslinks);
  const group = functions.groupOf(item);
  const groupLink =
    group === undefined
      ? ''
      : html`<span aria-hidden="true">/</span> <a href="${root}${functions.path}.html#${group.id}">${group.title}</a>`;
  const body = html`<nav class="crumbs" aria-label="Breadcrumbs"><a href="${root}${functions.path}.html">${functions.title}</a> ${groupLink}</nav>
<header class="heading">
<h1><code>${raw(breakable(name))}</code></h1>
<p class="tags">${effectBadge(entry.effect)} ${entry.method === 'TOOL' ? '' : route(entry.method, entry.path)}</p>
</header>
<div class="prose about-function">${raw(prose)}</div>
${neighbours(functions, item, root)}`;
  return { html: body, headings, menu: menuOf(functions, item) };
}

/** The functions before and after it. */
function neighbours(functions: IntegrationFunctions, item: FunctionEntry, root: string) {
  const at = functions.all.indexOf(item);
  const link = (target: FunctionEntry | undefined, rel: 'prev' | 'next', words: string) =>
    target === undefined
      ? ''
      : html`<a class="${rel}" rel="${rel}" href="${root}${target.path}.html"><span>${words}</span> <code>${raw(breakable(target.name))}</code></a>`;
  return html`<nav class="neighbours" aria-label="Neighbours">${link(functions.all[at - 1], 'prev', 'Before')}${link(functions.all[at + 1], 'next', 'After')}</nav>`;
}

function menuOf(functions: IntegrationFunctions, item: FunctionEntry): MenuGroup[] {
  const group = functions.groupOf(item);
  const siblings = (group?.functions ?? []).map(({ name, path }) => ({
    to: `${path}.html`,
    text: name,
    code: true,
  }));
  return [
    {
      title: functions.title,
      links: [
        { to: `${functions.path}.html`, text: 'Overview' },
        { to: `${functions.path}.html#functions`, text: `All ${functions.all.length} ${functions.kind}` },
      ],
    },
    { title: group?.title ?? 'Functions', links: siblings },
  ];
}
