import { html, raw } from 'hono/html';
import type { Effect } from '../../manifest/index.ts';
import type { IntegrationFunctions } from '../functions.ts';
import { effectBadge } from '../layout/badges.ts';
import { codeBlock } from '../markdown/markdown.ts';
import type { Html, Page, PageBody } from '../page.ts';

export interface FrontContent {
  readonly integrations: readonly IntegrationFunctions[];
  readonly servers: readonly IntegrationFunctions[];
  /** The integration that the first steps are about; undefined when nothing is installed. */
  readonly begin: IntegrationFunctions | undefined;
  /** A function of it that needs no arguments. */
  readonly called: string;
  readonly guides: readonly Page[];
  /** Without the decisions. */
  readonly manual: readonly Page[];
  readonly decisions: readonly Page[];
  /** A program to begin with; null when no integration brings one. */
  readonly example: string | null;
}

export const frontTitle = 'kosmo: short Lua programs against real APIs';
export const frontSummary =
  'kosmo runs short, sandboxed Lua programs against real APIs and MCP servers, under a policy, with the credentials out of reach.';

/** The site's first page: what it is, how to begin, and the way to everything else. */
export function frontBody(content: FrontContent): PageBody {
  const { integrations, servers, begin, called, guides, manual, decisions, example } = content;
  const body = html`<section class="hero">
<div>
<h1>One program in place of twenty tool calls</h1>
<p class="lead">kosmo runs short Lua programs against real APIs and MCP servers, for agents, scripts and CI. A program lists, filters, joins and writes in one go; only what it prints or returns comes back.</p>
<ul class="promises">
<li>Reading is free, changing something needs approval.</li>
<li>A program never sees a credential, and ends at its limits.</li>
<li>A local server in the box: no account and no network to begin.</li>
</ul>
<p class="actions"><a class="button" href="#start">Begin in five minutes</a> <a class="quiet" href="#integrations">See every function</a></p>
</div>
${example === null ? '' : html`<div class="sample">${raw(codeBlock(example, 'lua'))}</div>`}
</section>
${start(begin, called)}
<section aria-labelledby="integrations">
<h2 id="integrations">Integrations</h2>
<ul class="cards">${integrations.map(integrationCard)}</ul>
</section>
${
  servers.length === 0
    ? ''
    : html`<section aria-labelledby="servers">
<h2 id="servers">MCP servers</h2>
<ul class="cards">${servers.map(integrationCard)}</ul>
</section>`
}
<section aria-labelledby="guides">
<h2 id="guides">Guides</h2>
<p>What a program can do. Agents read the same pages with <code>docs.read</code>.</p>
<ul class="cards small">${guides.map(pageCard)}</ul>
</section>
${
  manual.length === 0
    ? ''
    : html`<section aria-labelledby="manual">
<h2 id="manual">Manual</h2>
<ul class="cards small">${manual.map(pageCard)}</ul>
${decisions.length === 0 ? '' : html`<p class="decisions">Why it is as it is: ${decisions.map(({ path, title }, index) => html`${index > 0 ? ' · ' : ''}<a href="${path}.html">${title}</a>`)}</p>`}
</section>`
}`;
  return { html: body, headings: [], layout: 'front', styles: 'front' };
}

function start(integration: IntegrationFunctions | undefined, called: string): Html | '' {
  if (integration === undefined) return '';
  const { name } = integration;
  const steps: readonly (readonly [string, string, string])[] = [
    [
      'Run something',
      'Everything works at once on the local server, which has a small company in it.',
      codeBlock(
        `kosmo integrations:lua --local --eval 'dump(app.integrations.${name}.${called}{ limit = 2 })'`,
        'sh',
      ),
    ],
    [
      'Find a function',
      'By what it does, in your words. Its page says what it takes and gives.',
      codeBlock(
        `kosmo integrations:search invite someone
kosmo integrations:docs ${name}.${called}`,
        'sh',
      ),
    ],
    [
      'Write a program',
      'Save it as mine.lua. Paging, errors and joins are ordinary Lua.',
      codeBlock(
        `local ${name} = app.integrations.${name}
local names = {}
for row in paginate(${name}.${called}, {}) do
  names[#names + 1] = row.name or row.id
end
return names`,
        'lua',
      ),
    ],
    [
      'Check it, run it',
      'The check finds misspelt functions and wrong arguments and sends nothing.',
      codeBlock(
        `kosmo integrations:lua mine.lua --check
kosmo integrations:lua mine.lua --local --json`,
        'sh',
      ),
    ],
    [
      'Use your account',
      'The key is kept encrypted. A dry run lists what would change before anything does.',
      codeBlock(
        `kosmo integrations:configure ${name}
kosmo integrations:lua mine.lua --dry-run
kosmo integrations:lua mine.lua`,
        'sh',
      ),
    ],
  ];
  return html`<section class="start" aria-labelledby="start">
<h2 id="start">A program of your own in five minutes</h2>
<ol class="steps">${steps.map(([title, words, code]) => html`<li><h3>${title}</h3><p>${words}</p>${raw(code)}</li>`)}</ol>
</section>`;
}

const effects: readonly Effect[] = ['read', 'write', 'destructive'];

function integrationCard(functions: IntegrationFunctions): Html {
  const { title, path, name, all, isServer, kind } = functions;
  const called = isServer ? `app.${name}` : `app.integrations.${name}`;
  const counts = effects.map((effect) => html`<li>${effectBadge(effect)} ${functions.count(effect)}</li>`);
  return html`<li><a href="${path}.html"><strong>${title}</strong><span>${all.length} ${kind} as <code>${called}</code></span></a><ul class="counts">${counts}</ul></li>`;
}

function pageCard({ path, title, summary }: Page): Html {
  return html`<li><a href="${path}.html"><strong>${title}</strong><span>${summary}</span></a></li>`;
}
