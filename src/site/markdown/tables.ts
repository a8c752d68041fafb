import type { Token } from 'markdown-it';

/**
 * Gives every table a name, and each cell of a wide one its column's: on a phone its rows are shown as blocks, where no
 * head stands above a cell.
 */
export function labelTables(tokens: readonly Token[], title: string): void {
  let heading = title;
  let columns: string[] = [];
  let column = 0;
  let inHead = false;
  tokens.forEach((token, index) => {
    const text = tokens[index + 1]?.content ?? '';
    switch (token.type) {
      case 'heading_open':
        heading = text;
        break;
      case 'table_open':
        token.meta = { label: heading };
        columns = [];
        break;
      case 'thead_open':
      case 'thead_close':
        inHead = token.type === 'thead_open';
        if (!inHead && columns.length > 3) tableOf(tokens, index)?.attrSet('class', 'wide');
        break;
      case 'th_open':
        if (inHead) columns.push(text.replaceAll('`', ''));
        break;
      case 'tr_open':
        column = 0;
        break;
      case 'td_open': {
        const name = columns[column] ?? '';
        if (columns.length > 3) token.attrSet('data-label', name);
        if (name === 'Required' && (text === 'yes' || text === 'no')) token.attrJoin('class', `is-${text}`);
        column += 1;
        break;
      }
    }
  });
}

function tableOf(tokens: readonly Token[], inside: number): Token | undefined {
  return tokens.slice(0, inside).findLast(({ type }) => type === 'table_open');
}
