import { applyEdits, type FormattingOptions, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import type { JsonObject } from '../../../support/json.ts';

/**
 * Puts an object where a path of keys leads, in place of what is there; null takes it out. Everything else stays as it
 * is written, comments too.
 * @param text JSON as editors allow it, an object
 */
export function editJson(text: string, path: readonly string[], entry: JsonObject | null): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const at = (depth: number) =>
    root === undefined ? undefined : findNodeAtLocation(root, path.slice(0, depth));
  const depth = path.findIndex((_, index) => at(index + 1) === undefined);
  const formattingOptions = formattingOf(text);
  if (entry === null || depth === -1) {
    if (entry === null && depth !== -1) return text;
    return applyEdits(text, modify(text, [...path], entry ?? undefined, { formattingOptions }));
  }
  const parent = at(depth);
  if (parent?.type !== 'object')
    return applyEdits(text, modify(text, [...path], entry, { formattingOptions }));
  // Straight after the brace: so nothing that stands there is touched, be it a comment or a comma after the last key.
  const { tabSize = 2, insertSpaces, eol = '\n' } = formattingOptions;
  const step = insertSpaces === true ? ' '.repeat(tabSize) : '\t';
  const [key = '', ...inner] = path.slice(depth);
  const value = inner.reduceRight<JsonObject>((held, name) => ({ [name]: held }), entry);
  const written = `${JSON.stringify(key)}: ${JSON.stringify(value, null, step)}`;
  const block = written.split('\n').map((line) => `${eol}${step.repeat(depth + 1)}${line}`);
  const after = (parent.children ?? []).length > 0 ? ',' : `${eol}${step.repeat(depth)}`;
  const start = parent.offset + 1;
  const rest = after === ',' ? text.slice(start) : text.slice(start).replace(/^\s*\}/, '}');
  return `${text.slice(0, start)}${block.join('')}${after}${rest}`;
}

/** Indented as the text is. */
function formattingOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
