import { html, raw } from 'hono/html';
import type { Effect } from '../../manifest/index.ts';
import { type FunctionGroup, type IntegrationFunctions, plainFunction } from '../functions.ts';
import { effectBadge } from '../layout/badges.ts';
import type { Crosslinks } from '../markdown/links.ts';
import { breakable, codeBlock, renderMarkdown } from '../markdown/markdown.ts';
import { withoutSection } from '../markdown/sections.ts';
import { type Html, type MenuGroup, type PageBody, rootFrom } from '../page.ts';

const effects: readonly Effect[] = ['read', 'write', 'destructive'];

/** The page of an integration: its namespace, its commands, what agents read, and all its functions. */
export function integrationBody(
  functions: IntegrationFunctions,
  markdown: string,
  crosslinks: Crosslinks,
): PageBody {
  const root = rootFrom(functions.path);
  const { name, title, all } = functions;
  // The functions stand below, in a form for people; the markdown of the page has them for agents.
  const guide = renderMarkdown(withoutSection(markdown, /^Functions\b/), crosslinks);
  const called = plainFunction(functions, markdown);
  const counts = effects.map((effect) => html`<li>${effectBadge(effect)} ${functions.count(effect)}</li>`);
  const body = html`<p class="crumbs">Integration</p>
<header class="heading">
<h1>${title}</h1>
<ul class="counts"><li><strong>${all.length}</strong> functions</li>${counts}</ul>
</header>
<section class="prose" aria-labelledby="namespace">
<h2 id="namespace"><a href="#namespace">Lua namespace</a></h2>
${raw(namespace(functions.name, called))}
<p>An agent reads the same with <code>docs.read("${name}")</code>, and finds functions with <code>docs.search("…")</code>.</p>
</section>
<section class="prose" aria-labelledby="headless">
<h2 id="headless"><a href="#headless">From the command line</a></h2>
<p>A shell script, a CI job, a cron job or another agent runs a program without anybody there. <code>--json</code> prints one object: what was printed, the result, the error, every call.</p>
${raw(headless(functions.name, called))}
<p>Reading is allowed. What writes or destroys asks a person, or needs <code>--force</code>; <code>--dry-run</code> makes the reads and lists the writes. A program that only needs MCP servers runs with <code>kosmo mcp:lua</code>.</p>
</section>
<section class="prose guide" aria-labelledby="agent-docs">
<h2 id="agent-docs"><a href="#agent-docs">Agent docs</a></h2>
${raw(deeper(guide.html))}
</section>
${explorer(functions, root)}
<section class="prose" aria-labelledby="manifest">
<h2 id="manifest"><a href="#manifest">Manifest</a></h2>
<p>Everything on these pages is made from <a href="${root}manifests/${name}.html">the manifest</a>, which records the source document, and of each operation its id, method, path, names and class.</p>
</section>`;
  return { html: body, headings: [], layout: 'wide', styles: 'functions', menu: menuOf(functions) };
}

function namespace(name: string, called: string): string {
  const lines = [
    [`app.integrations.${name}.${called}{}`, 'the default account'],
    [`app.integrations.${name}.work.${called}{}`, 'an account you named'],
    [`app.integrations.${name}.localhost.${called}{}`, 'the local server'],
  ];
  const width = Math.max(...lines.map(([call = '']) => call.length));
  return codeBlock(lines.map(([call = '', words]) => `${call.padEnd(width)}  -- ${words}`).join('\n'), 'lua');
}

function headless(name: string, called: string): string {
  return [
    codeBlock(
      `kosmo integrations:lua --eval 'dump(app.integrations.${name}.${called}{})' --json
kosmo integrations:lua --eval 'print(docs.read("${name}"))'
kosmo integrations:lua --eval 'print(docs.read("${name}.${called}"))'`,
      'sh',
    ),
    '<h3>Workflow file</h3>',
    codeBlock(
      `local ${name} = app.integrations.${name}
local result = ${name}.${called}{}
dump(result)`,
      'lua',
    ),
    codeBlock(
      `kosmo integrations:lua workflow.lua --json
kosmo integrations:lua workflow.lua --force --json     # approves what would be asked
kosmo integrations:lua workflow.lua --dry-run --json   # sends nothing that changes something`,
      'sh',
    ),
  ].join('\n');
}

/** Headings of a text that stands below a heading of the second level. */
function deeper(text: string): string {
  return text.replace(
    /<(\/?)h([2-5])\b/g,
    (_, slash: string, level: string) => `<${slash}h${Number(level) + 1}`,
  );
}

export function explorer(functions: IntegrationFunctions, root: string): Html {
  const filters = ['all', ...effects].map(
    (value) =>
      html`<label class="${value}"><input type="radio" name="effect" value="${value}"${value === 'all' ? raw(' checked') : ''}> ${value}</label>`,
  );
  return html`<section class="explorer" aria-labelledby="functions">
<h2 id="functions"><a href="#functions">${functions.isServer ? 'Tools' : 'Functions'}</a></h2>
<form class="filters" role="search" aria-label="Filter the functions">
<fieldset><legend class="unseen">Effect</legend>${filters}</fieldset>
<label class="narrow" hidden><span class="unseen">Words in the name</span><input type="search" placeholder="Filter by name or path" autocomplete="off" spellcheck="false"></label>
<output class="shown" aria-live="polite"></output>
</form>
${functions.groups.map((group) => groupHtml(group, root))}
</section>`;
}

function groupHtml({ id, title, description, functions }: FunctionGroup, root: string): Html {
  return html`<section class="group" aria-labelledby="${id}">
<h3 id="${id}"><a href="#${id}">${title}</a></h3>${description === '' ? '' : html`<p>${description}</p>`}
<ul>${functions.map(
    ({
      entry,
      name,
      path,
    }) => html`<li class="function ${entry.effect}"><a href="${root}${path}.html"><code>${raw(breakable(name))}</code></a>${effectBadge(entry.effect)}<span class="does">${entry.summary}</span>${entry.method === 'TOOL' ? '' : html`<span class="where">${entry.method} ${entry.path}</span>`}</li>
`,
  )}</ul>
</section>
`;
}

function menuOf({ title, path, groups }: IntegrationFunctions): MenuGroup[] {
  const part = (id: string, text: string) => ({ to: `${path}.html#${id}`, text });
  return [
    {
      title,
      links: [
        part('namespace', 'Lua namespace'),
        part('headless', 'From the command line'),
        part('agent-docs', 'Agent docs'),
        part('functions', 'Functions'),
        part('manifest', 'Manifest'),
      ],
    },
    { title: 'Functions', links: groups.map((group) => part(group.id, group.title)) },
  ];
}
