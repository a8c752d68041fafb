import { itemsAt } from '../../call/index.ts';
import { isJsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import { plainText } from './plain-text.ts';

export const formats = ['table', 'json', 'jsonl', 'yaml'] as const;
export type Format = (typeof formats)[number];

/**
 * A value for a person or a program to read.
 * @param items where the rows are when the value is a page of a list: `data`
 */
export async function renderData(value: JsonValue, format: Format, items: string | null): Promise<string> {
  switch (format) {
    case 'json':
      return `${stringifyJson(value, 2)}\n`;
    case 'jsonl':
      return (rowsOf(value, items) ?? [value]).map((row) => `${stringifyJson(row)}\n`).join('');
    case 'yaml': {
      const { stringify } = await import('yaml');
      return stringify(value);
    }
    case 'table':
      return renderTable(value, items);
  }
}

async function renderTable(value: JsonValue, items: string | null): Promise<string> {
  const rows = rowsOf(value, items);
  if (rows === null) {
    if (isJsonObject(value)) return (await import('./table.ts')).fieldsTable(value, terminalWidth());
    return value === null ? '' : textOf(value);
  }
  if (rows.length === 0) return '';
  if (rows.every(isJsonObject)) return (await import('./table.ts')).rowsTable(rows, terminalWidth());
  return rows.map(textOf).join('');
}

/** The rows of a list, or of a page of one; null for anything else. */
export function rowsOf(value: JsonValue, items: string | null): JsonValue[] | null {
  if (Array.isArray(value)) return value;
  return items === null ? null : (itemsAt(value, items) ?? null);
}

function textOf(value: JsonValue): string {
  return `${typeof value === 'string' ? shown(value) : stringifyJson(value)}\n`;
}

/** Text goes to a program as it is, and to a terminal without what would steer it. */
function shown(text: string): string {
  return process.stdout.isTTY ? plainText(text, true) : text;
}

/** Characters to a line of the terminal; null when it is none, where nothing is cut. */
export function terminalWidth(): number | null {
  // A terminal that does not know its own size says 0.
  return process.stdout.isTTY ? process.stdout.columns || 80 : null;
}
