import { html } from 'hono/html';
import type { IntegrationFunctions } from '../functions.ts';
import { type PageBody, rootFrom } from '../page.ts';

/** What an integration was compiled from, and every operation with its names: as markdown, for agents. */
export function manifestMarkdown({ title, integration, groups }: IntegrationFunctions): string {
  const { source, baseUrl } = integration.reader.index;
  const rows = groups.flatMap(({ functions }) =>
    functions.map(({ entry }) => {
      const { className } = integration.reader.operation(entry);
      return `| \`${entry.operationId}\` | ${entry.method} \`${entry.path}\` | \`${entry.slug}\` | \`${className}\` | ${entry.effect} |`;
    }),
  );
  return `# Manifest of ${title}

- Source: ${source.location}
- Version: ${source.version}
- Document: SHA-256 \`${source.sha256}\`
- Base URL: ${baseUrl}

| Operation id | Method and path | Full name | Class | Effect |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** The same for people. */
export function manifestBody(functions: IntegrationFunctions, path: string, file: string | null): PageBody {
  const root = rootFrom(path);
  const { integration, title, all } = functions;
  const { source, baseUrl } = integration.reader.index;
  const rows = all.map(({ entry, path: page }) => {
    const { className } = integration.reader.operation(entry);
    return html`<tr><td data-label="Operation id"><code>${entry.operationId}</code></td><td data-label="Method and path"><code>${entry.method} ${entry.path}</code></td><td data-label="Full name"><a href="${root}${page}.html"><code>${entry.slug}</code></a></td><td data-label="Class"><code>${className}</code></td></tr>
`;
  });
  const download =
    file === null
      ? ''
      : html`<div><dt>File</dt><dd><a href="${file}">${file}</a>, with every schema</dd></div>`;
  const overlays = source.overlays.map((sha256) => html`<dd>SHA-256 <code>${sha256}</code></dd>`);
  const body = html`<nav class="crumbs" aria-label="Breadcrumbs"><a href="${root}${functions.path}.html">${title}</a></nav>
<header class="heading"><h1>Manifest</h1>
<p class="lead">What these pages and the functions are made from: the OpenAPI document, compiled.</p></header>
<div class="prose">
<dl class="facts">
<div><dt>Source</dt><dd>${source.location} ${source.version}</dd></div>
<div><dt>Document</dt><dd>SHA-256 <code>${source.sha256}</code></dd></div>
${overlays.length === 0 ? '' : html`<div><dt>Overlays</dt>${overlays}</div>`}
<div><dt>Base URL</dt><dd>${baseUrl}</dd></div>
<div><dt>Operations</dt><dd>${all.length}</dd></div>
${download}
</dl>
<div class="table" tabindex="0" role="region" aria-label="Operations"><table class="wide">
<thead><tr><th>Operation id</th><th>Method and path</th><th>Full name</th><th>Class</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
</div>`;
  return { html: body, headings: [], layout: 'wide' };
}
