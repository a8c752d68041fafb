import { dereference } from '../spec/references.ts';
import type { JsonObject, JsonValue } from '../support/json.ts';
import { isJsonObject } from '../support/json.ts';
import type { OperationResponse, Pagination, Parameter } from './manifest.ts';
import { listOf, objectOf, stringOf } from './read-document.ts';

/** The ways of paging that the document's overlay names. */
export function paginationStylesOf(document: JsonObject): Pagination[] {
  return listOf(document['x-kosmo-pagination']).map(objectOf).map(styleOf);
}

function styleOf(entry: JsonObject): Pagination {
  const items = stringOf(entry['items']);
  const argument = stringOf(entry['argument']);
  const style = stringOf(entry['style']);
  if (style === 'link') return { style, items };
  if (style === 'offset') return { style, argument, items };
  if (style === 'page') return { style, argument, first: entry['first'] === 0 ? 0 : 1, items };
  return { style: 'cursor', argument, next: stringOf(entry['next']), items };
}

/** The style an operation pages by: one whose argument it takes and whose fields its answer has. */
export function paginationOf(
  document: JsonObject,
  styles: readonly Pagination[],
  parameters: readonly Parameter[],
  responses: readonly OperationResponse[],
): Pagination | null {
  const schema = responses.find((response) => response.status.startsWith('2'))?.schema ?? null;
  const takes = (argument: string) =>
    parameters.some((parameter) => parameter.in === 'query' && parameter.argument === argument);
  const fits = (style: Pagination) =>
    (style.style === 'link' || takes(style.argument)) &&
    (style.style !== 'cursor' || hasProperty(document, schema, style.next)) &&
    (style.items === '' ? isList(schema) : hasProperty(document, schema, style.items));
  return styles.find(fits) ?? null;
}

function isList(schema: JsonObject | null): boolean {
  return schema?.['type'] === 'array';
}

function hasProperty(document: JsonObject, schema: JsonValue, path: string): boolean {
  let current: JsonValue | undefined = schema;
  for (const step of path.split('.')) {
    current = propertyOf(document, current, step);
    if (current === undefined) return false;
  }
  return true;
}

function propertyOf(
  document: JsonObject,
  schema: JsonValue | undefined,
  name: string,
): JsonValue | undefined {
  if (!isJsonObject(schema)) return undefined;
  // Compiled schemas say `#/schemas/NAME` where the document says `#/components/schemas/NAME`.
  const reference = stringOf(schema['$ref']).replace('#/schemas/', '#/components/schemas/');
  const target = reference === '' ? schema : dereference(document, { $ref: reference }, reference);
  const own = objectOf(target['properties'])[name];
  if (own !== undefined) return own;
  for (const part of listOf(target['allOf'])) {
    const inherited = propertyOf(document, part, name);
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}
