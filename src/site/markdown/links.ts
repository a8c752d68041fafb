import MarkdownIt, { type Token } from 'markdown-it';

/** Where the links of a page lead. */
export interface Crosslinks {
  /** The address for one that stands in the markdown; null for one that leads nowhere from here. */
  link(href: string): string | null;
  /** The page about something that is named as code: `list_users`, `docs.read("errors")`; null when there is none. */
  reference(code: string): string | null;
}

/** Gives every link its address; of one that leads nowhere the words stay. */
export function resolveLinks(tokens: readonly Token[], crosslinks: Crosslinks): Token[] {
  const kept: Token[] = [];
  const open: boolean[] = [];
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const href = crosslinks.link(String(token.attrGet('href') ?? ''));
      open.push(href !== null);
      if (href === null) continue;
      token.attrSet('href', href);
    } else if (token.type === 'link_close' && open.pop() === false) continue;
    kept.push(token);
  }
  return kept;
}

/** Makes links of names in code that have a page, unless they stand in a link already. */
export function addReferences(tokens: readonly Token[], crosslinks: Crosslinks): Token[] {
  let depth = 0;
  return tokens.flatMap((token) => {
    depth += token.type === 'link_open' ? 1 : token.type === 'link_close' ? -1 : 0;
    const href = token.type === 'code_inline' && depth === 0 ? crosslinks.reference(token.content) : null;
    if (href === null) return [token];
    const link = new MarkdownIt.Token('link_open', 'a', 1);
    link.attrSet('href', href);
    return [link, token, new MarkdownIt.Token('link_close', 'a', -1)];
  });
}
