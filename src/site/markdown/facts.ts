import type { Token } from 'markdown-it';

const label = /^([A-Z][\w ]{1,24}): /;

/** A list before the first heading whose every item is `Label: words` becomes a list of terms. */
export function asFacts(tokens: Token[]): void {
  const heading = tokens.findIndex(({ type }) => type === 'heading_open');
  const open = tokens.findIndex(({ type }) => type === 'bullet_list_open');
  if (open < 0 || (heading >= 0 && open > heading)) return;
  const close = tokens.findIndex(({ type }, index) => index > open && type === 'bullet_list_close');
  const list = tokens.slice(open, close + 1);
  const inlines = list.filter(({ type }) => type === 'inline');
  if (inlines.length < 2 || !inlines.every(({ content }) => label.test(content))) return;
  for (const token of list) {
    if (token.type.startsWith('bullet_list')) token.tag = 'dl';
    else if (token.type.startsWith('list_item')) token.tag = 'div';
    else if (token.type.startsWith('paragraph')) {
      token.tag = 'dd';
      token.hidden = false;
    }
  }
  list[0]?.attrSet('class', 'facts');
  let at = open;
  for (; at < tokens.length && tokens[at] !== tokens[close]; at += 1) {
    const inline = tokens[at];
    if (inline?.type !== 'inline' || !inlines.includes(inline)) continue;
    const [whole = '', words = ''] = label.exec(inline.content) ?? [];
    const text = inline.children?.[0];
    if (text === undefined || text.type !== 'text') continue;
    text.content = text.content.slice(whole.length);
    const paragraph = tokens[at - 1];
    if (paragraph !== undefined) paragraph.meta = { term: words };
  }
}
