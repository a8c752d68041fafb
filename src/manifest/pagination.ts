import type { JsonObject, JsonValue } from '../support/json.ts';
import { isJsonObject } from '../support/json.ts';
import type { OperationResponse, Pagination, Parameter } from './manifest.ts';
import { snakeCase } from './names.ts';
import { listOf, objectOf, stringOf } from './read-document.ts';
import type { SchemaCompiler } from './schema.ts';

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
  if (style === 'last_row')
    return { style, argument, key: stringOf(entry['key']), more: stringOf(entry['more']), items };
  return { style: 'cursor', argument, next: stringOf(entry['next']), items };
}

/** An operation as far as paging goes. */
export interface PagedOperation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly responses: readonly OperationResponse[];
  /** The first good answer as the document has it: its headers and links. */
  readonly answer: JsonObject;
}

/**
 * How an operation's list goes on: by a style that the overlay names, if one fits; else by what the document's links
 * say, or by one of the ways that are in use everywhere.
 */
export function paginationOf(
  schemas: SchemaCompiler,
  styles: readonly Pagination[],
  operation: PagedOperation,
): Pagination | null {
  const shape = new AnswerShape(schemas, operation);
  if (styles.length > 0) return styles.find((style) => shape.fits(style)) ?? null;
  return shape.linked() ?? shape.recognized();
}

const cursorArguments = [
  'cursor',
  'page_token',
  'next_token',
  'starting_after',
  'after',
  'continuation_token',
  'continuation',
  'pagination_token',
  'next_cursor',
  'next_page',
  'start_cursor',
  'offset',
  'page',
];
const cursorFields = [
  'next_cursor',
  'nextCursor',
  'next_page_token',
  'nextPageToken',
  'next_token',
  'nextToken',
  'continuation_token',
  'continuationToken',
  'response_metadata.next_cursor',
  'meta.next_cursor',
  'meta.nextCursor',
  'metadata.next_cursor',
  'metadata.nextCursor',
  'pagination.next_cursor',
  'pagination.nextCursor',
  'pagination.next',
  'paging.next.after',
  'paging.cursors.after',
  'cursors.after',
  'list_metadata.after',
  'next_page.offset',
  'page_info.end_cursor',
  'pageInfo.endCursor',
  'result_info.cursor',
  'cursor',
  'next',
];
const pageArguments = ['page', 'page_number', 'page_no', 'current_page'];
const offsetArguments = ['offset', 'skip', 'start', 'start_at'];
const sizeArguments = ['limit', 'per_page', 'page_size', 'count', 'size', 'max_results', 'take', 'first'];
const rowFields = ['data', 'items', 'results', 'records', 'values', 'value', 'entries', 'rows', 'list'];

/** What an operation's good answer looks like, and what it takes. */
class AnswerShape {
  readonly #schemas: SchemaCompiler;
  readonly #operation: PagedOperation;
  readonly #schema: JsonObject | null;

  constructor(schemas: SchemaCompiler, operation: PagedOperation) {
    this.#schemas = schemas;
    this.#operation = operation;
    this.#schema = operation.responses.find((response) => response.status.startsWith('2'))?.schema ?? null;
  }

  fits(style: Pagination): boolean {
    return (
      (style.style === 'link' || this.#takes(style.argument)) &&
      (style.style !== 'cursor' || this.#has(style.next)) &&
      (style.style !== 'last_row' || this.#has(style.more)) &&
      (style.items === '' ? this.#isList() : this.#has(style.items))
    );
  }

  /** A link of the document to the operation itself, with a value of the answer for one of its arguments. */
  linked(): Pagination | null {
    const items = this.#rows();
    if (items === null) return null;
    for (const entry of Object.values(objectOf(this.#operation.answer['links']))) {
      const link = objectOf(entry);
      if (stringOf(link['operationId']) !== this.#operation.operationId) continue;
      for (const [name, expression] of Object.entries(objectOf(link['parameters']))) {
        const pointer = /^\$response\.body#\/(.+)$/.exec(stringOf(expression))?.[1];
        const argument = snakeCase(name.replace(/^(query|path|header)\./, ''));
        if (pointer !== undefined && this.#takes(argument))
          return { style: 'cursor', argument, next: pointer.replaceAll('/', '.'), items };
      }
    }
    return null;
  }

  /** One of the ways that are in use everywhere; null when nothing speaks for any of them. */
  recognized(): Pagination | null {
    const items = this.#rows();
    if (items === null) return null;
    const headers = Object.keys(objectOf(this.#operation.answer['headers'])).map((name) =>
      name.toLowerCase(),
    );
    const next = cursorFields.find((path) => this.#isScalar(path));
    const cursor = cursorArguments.find((name) => this.#takes(name));
    const counted = (name: string) => this.#takes(name, 'integer') || this.#takes(name, 'number');
    const sized = sizeArguments.some((name) => this.#takes(name));
    if (headers.includes('link') && (sized || pageArguments.some((name) => this.#takes(name))))
      return { style: 'link', items };
    if (next !== undefined && cursor !== undefined && !counted(cursor))
      return { style: 'cursor', argument: cursor, next, items };
    if (this.#takes('starting_after') && this.#has('has_more'))
      return { style: 'last_row', argument: 'starting_after', key: 'id', more: 'has_more', items };
    const page = pageArguments.find(counted);
    if (page !== undefined) return { style: 'page', argument: page, first: this.#firstOf(page), items };
    const offset = offsetArguments.find(counted);
    return offset !== undefined && sized ? { style: 'offset', argument: offset, items } : null;
  }

  #takes(argument: string, type?: string): boolean {
    return this.#operation.parameters.some((parameter) => {
      if (parameter.in !== 'query' || parameter.argument !== argument) return false;
      return type === undefined || [this.#schemas.resolve(parameter.schema)['type']].flat().includes(type);
    });
  }

  #firstOf(argument: string): number {
    const schema = this.#operation.parameters.find((parameter) => parameter.argument === argument)?.schema;
    const { minimum, default: standard } = this.#schemas.resolve(schema);
    return standard === 0 || minimum === 0 ? 0 : 1;
  }

  /** Where the rows are: empty for an answer that is the list; null when that is not clear. */
  #rows(): string | null {
    if (this.#schema === null) return null;
    if (this.#isList()) return '';
    const known = rowFields.find((name) => this.#isListAt(name));
    if (known !== undefined) return known;
    const lists = this.#names().filter((name) => this.#isListAt(name));
    return lists.length === 1 ? (lists[0] ?? null) : null;
  }

  #isList(): boolean {
    return this.#schemas.resolve(this.#schema ?? {})['type'] === 'array';
  }

  #isListAt(path: string): boolean {
    return [this.#schemas.resolve(this.#at(path))['type']].flat().includes('array');
  }

  #isScalar(path: string): boolean {
    const found = this.#at(path);
    if (found === undefined) return false;
    const types = [this.#schemas.resolve(found)['type']].flat();
    return !types.includes('object') && !types.includes('array');
  }

  #has(path: string): boolean {
    return this.#at(path) !== undefined;
  }

  #at(path: string): JsonValue | undefined {
    let current: JsonValue | undefined = this.#schema ?? undefined;
    for (const step of path.split('.')) {
      current = this.#property(current, step, 0);
      if (current === undefined) return undefined;
    }
    return current;
  }

  #property(schema: JsonValue | undefined, name: string, depth: number): JsonValue | undefined {
    if (!isJsonObject(schema) || depth > 8) return undefined;
    const target = this.#schemas.resolve(schema);
    const properties = objectOf(target['properties']);
    if (Object.hasOwn(properties, name)) return properties[name];
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      for (const part of listOf(target[keyword])) {
        const inherited = this.#property(part, name, depth + 1);
        if (inherited !== undefined) return inherited;
      }
    }
    return undefined;
  }

  #names(schema: JsonValue = this.#schema, depth = 0): string[] {
    if (!isJsonObject(schema) || depth > 4) return [];
    const target = this.#schemas.resolve(schema);
    const parts = listOf(target['allOf']).flatMap((part) => this.#names(part, depth + 1));
    return [...Object.keys(objectOf(target['properties'])), ...parts];
  }
}
