import MarkdownIt, { type Token } from 'markdown-it';

/** A heading that can be linked to. */
export interface Heading {
  readonly level: number;
  readonly id: string;
  readonly text: string;
}

/** Takes the page's title out of its tokens, and makes every other heading one that can be linked to. */
export function takeHeadings(tokens: Token[]): { title: string; headings: Heading[] } {
  let title = '';
  const headings: Heading[] = [];
  const taken = new Set<string>();
  for (let index = 0; index < tokens.length; index += 1) {
    const open = tokens[index];
    const inline = tokens[index + 1];
    if (open?.type !== 'heading_open' || inline === undefined) continue;
    const text = (inline.children ?? []).map(({ content }) => content).join('');
    if (open.tag === 'h1' && title === '') {
      title = text;
      tokens.splice(index, 3);
      index -= 1;
      continue;
    }
    const id = freeId(slugOf(text), taken);
    headings.push({ level: Number(open.tag.slice(1)), id, text });
    open.attrSet('id', id);
    const link = new MarkdownIt.Token('link_open', 'a', 1);
    link.attrSet('href', `#${id}`);
    inline.children = [link, ...(inline.children ?? []), new MarkdownIt.Token('link_close', 'a', -1)];
  }
  return { title, headings };
}

/** As GitHub makes them, so that links inside the repository's own pages hold here, too. */
function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function freeId(wanted: string, taken: Set<string>): string {
  const base = wanted === '' ? 'section' : wanted;
  let id = base;
  for (let count = 1; taken.has(id); count += 1) id = `${base}-${count}`;
  taken.add(id);
  return id;
}
