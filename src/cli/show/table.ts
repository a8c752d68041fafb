import Table from 'cli-table3';
import { type JsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import { styled } from './colour.ts';
import { plainText } from './plain-text.ts';

/** The widest a column gets while others want room, in characters. */
const widest = 48;
const gap = 2;

/** Lines without a frame: nothing but cells and gaps. */
const bare = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(gap),
} as const;

/**
 * Objects as a table: a column for each plain property, as many as there is room for.
 * @param width characters to a line; null for as many as it takes
 */
export function rowsTable(rows: readonly JsonObject[], width: number | null): string {
  const columns = fitting(columnsOf(rows), rows, width);
  const cells = rows.map((row) => columns.map(({ name }) => cellText(row[name])));
  return draw(
    cells,
    columns.map(({ name }) => name.toUpperCase()),
    columns.map((column) => column.width),
  );
}

/** A list of lines of cells with a heading each. */
export function textTable(
  headings: readonly string[],
  lines: readonly (readonly string[])[],
  width: number | null,
): string {
  const rows = lines.map((line) =>
    Object.fromEntries(headings.map((name, index) => [name, line[index] ?? ''])),
  );
  const columns = fitting([...headings], rows, width);
  return draw(
    rows.map((row) => columns.map(({ name }) => cellText(row[name]))),
    columns.map(({ name }) => name),
    columns.map((column) => column.width),
  );
}

/** An object as lines of a name and a value. */
export function fieldsTable(object: JsonObject, width: number | null): string {
  const names = Object.keys(object);
  const nameWidth = Math.max(0, ...names.map((name) => name.length));
  const valueWidth = width === null ? null : Math.max(10, width - nameWidth - gap);
  const cells = names.map((name) => [styled('bold', name), cellText(object[name])]);
  return draw(cells, null, [nameWidth, valueWidth]);
}

function draw(
  cells: readonly (readonly string[])[],
  head: readonly string[] | null,
  widths: readonly (number | null)[],
): string {
  const table = new Table({
    chars: bare,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: [...widths],
    ...(head === null ? {} : { head: head.map((name) => styled('bold', name)) }),
  });
  table.push(...cells.map((line) => [...line]));
  const text = table.toString();
  return `${text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

/** Properties that hold something plain in some row; the kind of object that every row is says nothing. */
function columnsOf(rows: readonly JsonObject[]): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const plain = names.filter((name) => rows.some((row) => isPlain(row[name])));
  return (plain.length === 0 ? names : plain).filter((name) => name !== 'object' || plain.length === 1);
}

function isPlain(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && typeof value !== 'object';
}

interface Column {
  readonly name: string;
  /** Null: as wide as what is in it. */
  readonly width: number | null;
}

/** As many columns as a line has room for, the first ones first. */
function fitting(names: readonly string[], rows: readonly JsonObject[], width: number | null): Column[] {
  if (width === null) return names.map((name) => ({ name, width: null }));
  const columns: { name: string; width: number }[] = [];
  let rest = width;
  for (const name of names) {
    const natural = Math.max(name.length, ...rows.map((row) => displayWidth(cellText(row[name]))));
    const wanted = Math.min(natural, widest);
    if (columns.length > 0 && wanted > rest) break;
    columns.push({ name, width: Math.min(wanted, Math.max(rest, 1)) });
    rest -= wanted + gap;
  }
  return columns;
}

/** A guess that is never too small: signs past Latin may be two columns wide. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += character < '\u1100' ? 1 : 2;
  return width;
}

function cellText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return plainText(typeof value === 'string' ? value : stringifyJson(value), false);
}
