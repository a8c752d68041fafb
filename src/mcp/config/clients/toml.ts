import { type Failure, KosmoError } from '../../../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../support/json.ts';
import { fault } from '../read-config.ts';

/** A TOML document as plain data, or where it is none. */
export async function parseToml(
  text: string,
  file: string,
): Promise<{ readonly document: JsonObject } | { readonly fault: Failure }> {
  const { parse } = await import('@decimalturn/toml-patch');
  try {
    // Dates and the like become text: nothing that is read here holds one.
    const document = JSON.parse(JSON.stringify(parse(text))) as JsonValue;
    return { document: isJsonObject(document) ? document : {} };
  } catch (error) {
    return { fault: fault(file, `${placeOf(error)}it is no TOML`) };
  }
}

/**
 * Puts an entry into a table of tables, in place of one of that name; null takes it out. Everything else stays as it
 * is written, comments too.
 * @throws KosmoError `settings_invalid` when the text is no TOML
 */
export async function editToml(
  text: string,
  file: string,
  table: string,
  name: string,
  entry: JsonObject | null,
): Promise<string> {
  const { parse, patch, stringify, TomlFormat } = await import('@decimalturn/toml-patch');
  const read = await parseToml(text, file);
  if ('fault' in read) throw KosmoError.of(read.fault);
  // The library's own values keep dates what they are.
  const whole = parse(text) as Record<string, unknown>;
  const before = read.document[table];
  const entries = isJsonObject(before) ? before : {};
  if (entry !== null && !Object.hasOwn(entries, name)) {
    // A block of its own at the end, its tables with headings: as a person would write it.
    const format = TomlFormat.default();
    format.inlineTableStart = 3;
    const block = stringify({ [table]: { [name]: entry } }, format).replace(`[${table}]\n\n`, '');
    const appended = `${text.trimEnd()}${text.trim() === '' ? '' : '\n\n'}${block}`;
    // It is not, where the table is written in braces.
    if ('document' in (await parseToml(appended, file))) return appended;
  }
  const { [name]: _, ...others } = (whole[table] ?? {}) as Record<string, unknown>;
  const changed = entry === null ? others : { ...others, [name]: entry };
  return patch(text, { ...whole, [table]: changed });
}

function placeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('line' in error) || !('column' in error)) return '';
  return `line ${String(error.line)}, column ${Number(error.column) + 1}: `;
}
