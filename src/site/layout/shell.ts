import { html, raw } from 'hono/html';
import { escapeText } from '../markdown/highlight.ts';
import { breakable } from '../markdown/markdown.ts';
import { type Html, type MenuGroup, type Page, type PageBody, rootFrom } from '../page.ts';
import { logo, menuIcon, searchIcon, themeIcon } from './icons.ts';

/** What all pages of a site share. */
export interface Shell {
  readonly version: string;
  /** The site's own parts, for the menu of pages that bring none. */
  readonly menu: readonly MenuGroup[];
  /** Of a site that is served: how its pages ask for a run. */
  readonly runs: { readonly token: string; readonly integrations: readonly string[] } | null;
}

/** The site's policy for browsers. `file:` stands for the site itself when it is opened from a folder. */
const policy = (connect: string) =>
  `default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; connect-src ${connect}; base-uri 'none'; form-action 'none'`;

/** What a window's title says behind the page's own. */
const kinds: Readonly<Record<Page['section'], string | null>> = {
  front: null,
  guides: 'Guide',
  integrations: 'Reference',
  servers: 'Reference',
  manual: 'Manual',
  manifests: 'Reference',
};

/** A whole page. */
export async function shellPage(shell: Shell, page: Page, body: PageBody, markdown: string): Promise<string> {
  const { runs } = shell;
  const root = rootFrom(page.path);
  const styles = [
    'site',
    ...(body.styles === undefined ? [] : [body.styles]),
    ...(runs === null ? [] : ['run']),
  ];
  const kind = kinds[page.section];
  const title = [page.title, ...(kind === null ? [] : [kind, 'kosmo'])].join(' · ');
  const whole = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${raw(policy(runs === null ? "'none'" : "'self'"))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${page.summary}">
<meta name="generator" content="kosmo ${shell.version}">${runs === null ? '' : html`\n<meta name="kosmo-run" content="${runs.token}" data-integrations="${runs.integrations.join(' ')}">`}
<title>${title}</title>
<link rel="icon" href="${root}assets/icon.svg" type="image/svg+xml">
<link rel="alternate" type="text/markdown" href="${fileOf(page)}.md">
${styles.map(
  (name) => html`<link rel="stylesheet" href="${root}assets/${name}.css">
`,
)}<script src="${root}assets/theme.js"></script>
<script src="${root}assets/site.js" defer></script>${runs === null ? '' : html`\n<script src="${root}assets/run.js" defer></script>`}
</head>
<body class="${body.layout ?? 'page'}" data-root="${root}">
<a class="skip" href="#main">Skip to the page</a>
<header class="top">
<a class="brand" href="${root}index.html">${raw(logo)}<span>kosmo</span></a>
<nav class="sections" aria-label="Sections">${sectionLinks(root, page)}</nav>
<div class="tools">
<button class="find" type="button" aria-label="Search" hidden>${raw(searchIcon)}<span>Search</span><kbd>/</kbd></button>
<button class="theme" type="button" aria-label="Dark colours" aria-pressed="false" hidden>${raw(themeIcon)}</button>
<button class="open-menu" type="button" popovertarget="menu" aria-label="Menu">${raw(menuIcon)}</button>
</div>
</header>
<div class="frame">
<nav class="menu" id="menu" popover aria-label="Pages">${menuHtml(body.menu ?? shell.menu, root, page)}</nav>
<main id="main" tabindex="-1">
${body.html}
${page.section === 'front' ? '' : rawMarkdown(page, markdown)}
</main>
${contents(body)}
</div>
<footer class="bottom">
<p>kosmo ${shell.version}. Made by <code>kosmo docs:site</code> from what is installed.</p>
<p><a href="${root}llms.txt">llms.txt</a> <a href="${root}llms-full.txt">llms-full.txt</a></p>
</footer>
</body>
</html>
`;
  // An object of String, which marks what is escaped.
  return whole.toString();
}

function sectionLinks(root: string, page: Page): Html {
  const link = (to: string, text: string, isCurrent: boolean) =>
    html`<a href="${root}${to}"${isCurrent ? raw(' aria-current="true"') : ''}>${text}</a>`;
  const { section } = page;
  return html`${link('index.html#integrations', 'Integrations', ['integrations', 'servers', 'manifests'].includes(section))}
${link('index.html#guides', 'Guides', section === 'guides')}
${link('index.html#manual', 'Manual', section === 'manual')}`;
}

function menuHtml(groups: readonly MenuGroup[], root: string, page: Page): Html {
  const here = `${page.path}.html`;
  const items = groups.map(({ title, links }) => {
    const rows = links.map(({ to, text, code }) => {
      const current = to === here ? raw(' aria-current="page"') : '';
      const label = code === true ? html`<code>${raw(breakable(text))}</code>` : text;
      return html`<li><a href="${root}${to}"${current}>${label}</a></li>`;
    });
    return html`<h2>${title}</h2><ul>${rows}</ul>`;
  });
  return html`${items}`;
}

/** The page's own headings, for windows that have room for them. */
function contents({ headings, layout }: PageBody): Html | '' {
  const shown = headings.filter(({ level }) => level <= 3);
  if (layout !== undefined || shown.length < 2) return '';
  const rows = shown.map(
    ({ id, text, level }) => html`<li class="level-${level}"><a href="#${id}">${text}</a></li>`,
  );
  return html`<nav class="contents" aria-label="On this page"><h2>On this page</h2><ul>${rows}</ul></nav>`;
}

/** What an agent reads in place of this page. */
function rawMarkdown(page: Page, markdown: string): Html {
  return html`<details class="raw">
<summary>Raw agent markdown</summary>
<p><a href="${fileOf(page)}.md">${fileOf(page)}.md</a>: the same page as an agent reads it.</p>
<div class="code" data-lang="markdown"><pre tabindex="0"><code>${raw(escapeText(markdown))}</code></pre></div>
</details>`;
}

/** A page's file without its folder and extension. */
function fileOf({ path }: Page): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
