/** A page's first heading, without its marks; null when it has none. */
export function titleOf(markdown: string): string | null {
  const title = /^# (.+)$/m.exec(markdown)?.[1];
  return title === undefined ? null : plain(title);
}

/** The first paragraph below the title, on one line and without marks; empty when the page begins with something else. */
export function firstParagraph(markdown: string): string {
  const [block = ''] = markdown
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('#'));
  return /^(?:[-|>]|```|\d+\.)/.test(block) ? '' : plain(block.replace(/\s*\n\s*/g, ' '));
}

function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/\*\*(.+?)\*\*/g, '$1')
    .trim();
}
