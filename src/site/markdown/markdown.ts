import MarkdownIt, { type Token } from 'markdown-it';
import { asFacts } from './facts.ts';
import { type Heading, takeHeadings } from './headings.ts';
import { escapeHtml, highlighted } from './highlight.ts';
import { addReferences, type Crosslinks, resolveLinks } from './links.ts';

import { labelTables } from './tables.ts';

export type { Heading } from './headings.ts';

/** A page's markdown as HTML. */
export interface RenderedMarkdown {
  /** The first heading, which is not part of the HTML. */
  readonly title: string;
  /** The first paragraph, as plain text. */
  readonly summary: string;
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** HTML inside markdown stays text: descriptions come from other people's documents. */
const markdownIt = new MarkdownIt({ html: false });
const { rules } = markdownIt.renderer;

/** The one tag that tables of documents need. */
markdownIt.inline.ruler.before('autolink', 'br', (state, silent) => {
  const [tag] = /^<br\s*\/?>/.exec(state.src.slice(state.pos, state.pos + 8)) ?? [];
  if (tag === undefined) return false;
  if (!silent) state.push('hardbreak', 'br', 0);
  state.pos += tag.length;
  return true;
});

// Wide tables and code scroll by themselves, so the keyboard must be able to go there.
rules['fence'] = (tokens, index) => {
  const token = tokens[index];
  if (token === undefined) return '';
  const [language = ''] = token.info.trim().split(/\s+/);
  return codeBlock(token.content, language);
};
rules['code_inline'] = (tokens, index) => `<code>${breakable(tokens[index]?.content ?? '')}</code>`;
rules['paragraph_open'] = (tokens, index, options, _environment, renderer) => {
  const term = tokens[index]?.meta?.term;
  const open = renderer.renderToken(tokens, index, options);
  return typeof term === 'string' ? `<dt>${escapeHtml(term)}</dt>${open}` : open;
};
rules['code_block'] = (tokens, index) => codeBlock(tokens[index]?.content ?? '', '');
rules['table_open'] = (tokens, index, _options, _environment, renderer) => {
  const token = tokens[index];
  const name: unknown = token?.meta?.label;
  const label = escapeHtml(typeof name === 'string' ? name : 'Table');
  return `<div class="table" tabindex="0" role="region" aria-label="${label}"><table${token === undefined ? '' : renderer.renderAttrs(token)}>`;
};
rules['table_close'] = () => '</table></div>';

/** A name in code; a long one may be broken behind its underscores and dots. */
export function breakable(name: string): string {
  const text = escapeHtml(name);
  return name.length > 14 ? text.replace(/([_.])(?=\w)/g, '$1<wbr>') : text;
}

/** A block of code, with its language as a label. */
export function codeBlock(code: string, language: string): string {
  const text = code.replace(/\n$/, '');
  const kind = language === '' && /^\s*[\w.[\]?]+\??:(?: |$)/m.test(text) ? 'shape' : language;
  return `<div class="code" data-lang="${escapeHtml(kind)}"><pre tabindex="0"><code>${highlighted(text, kind)}</code></pre></div>`;
}

/**
 * Renders a page.
 * @param crosslinks where links and names of functions lead
 */
export function renderMarkdown(markdown: string, crosslinks: Crosslinks): RenderedMarkdown {
  const environment = {};
  const tokens = markdownIt.parse(markdown, environment);
  const { title, headings } = takeHeadings(tokens);
  const first = tokens.findIndex(({ type }) => type === 'paragraph_open');
  const summary = plainText(tokens[first + 1]?.children ?? []);
  labelTables(tokens, title);
  asFacts(tokens);
  for (const token of tokens) {
    if (token.children === null) continue;
    token.children = addReferences(resolveLinks(token.children, crosslinks), crosslinks);
  }
  const html = markdownIt.renderer.render(tokens, markdownIt.options, environment);
  return { title, summary: first < 0 ? '' : summary, html, headings };
}

/** What is read of inline tokens. */
function plainText(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content }) => (type === 'softbreak' || type === 'hardbreak' ? ' ' : content))
    .join('');
}
