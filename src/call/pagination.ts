import type { Operation, Pagination } from '../manifest/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import type { WireResponse } from './transport.ts';

/** A page of a list that goes on. */
export interface Page {
  /** Dotted path of the rows in the answer; empty when the answer is the list. */
  readonly items: string;
  /** The arguments of the next page; null when this is the last one. */
  readonly next: JsonObject | null;
}

/** What an answer says of the list it is a page of; null for an operation that has no pages. */
export function pageOf(
  operation: Operation,
  args: JsonObject,
  value: JsonValue,
  response: WireResponse,
): Page | null {
  const { pagination } = operation;
  if (pagination === null) return null;
  return { items: pagination.items, next: nextArguments(operation, pagination, args, value, response) };
}

function nextArguments(
  operation: Operation,
  pagination: Pagination,
  args: JsonObject,
  value: JsonValue,
  response: WireResponse,
): JsonObject | null {
  const rows = itemsAt(value, pagination.items)?.length ?? 0;
  switch (pagination.style) {
    case 'cursor': {
      const cursor = at(value, pagination.next);
      const named = typeof cursor === 'string' || typeof cursor === 'number';
      return named && cursor !== '' ? { ...args, [pagination.argument]: cursor } : null;
    }
    case 'page':
      if (rows === 0) return null;
      return { ...args, [pagination.argument]: numberOf(args[pagination.argument], pagination.first) + 1 };
    case 'offset':
      if (rows === 0) return null;
      return { ...args, [pagination.argument]: numberOf(args[pagination.argument], 0) + rows };
    case 'last_row': {
      const last = itemsAt(value, pagination.items)?.at(-1);
      const key = last === undefined ? undefined : at(last, pagination.key);
      if (at(value, pagination.more) !== true || (typeof key !== 'string' && typeof key !== 'number'))
        return null;
      return { ...args, [pagination.argument]: key };
    }
    case 'link':
      return linkedArguments(operation, args, response.headers['link'] ?? '');
  }
}

/** The query of the link called `next`, as arguments. RFC 8288. */
function linkedArguments(operation: Operation, args: JsonObject, header: string): JsonObject | null {
  for (const [, target = '', parameters = ''] of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?(?:[^"]*\s)?next(?:\s[^"]*)?"?/i.test(parameters)) continue;
    if (!URL.canParse(target, 'http://page.invalid')) return null;
    const query = new URL(target, 'http://page.invalid').searchParams;
    const next: JsonObject = { ...args };
    for (const parameter of operation.parameters) {
      const text = parameter.in === 'query' ? query.get(parameter.name) : null;
      if (text !== null) next[parameter.argument] = wantsNumber(parameter.schema) ? Number(text) : text;
    }
    return next;
  }
  return null;
}

function wantsNumber(schema: JsonObject): boolean {
  return schema['type'] === 'integer' || schema['type'] === 'number';
}

/** The rows of an answer; undefined when there is no list at the path. */
export function itemsAt(value: JsonValue, path: string): JsonValue[] | undefined {
  const found = at(value, path);
  return Array.isArray(found) ? found : undefined;
}

function at(value: JsonValue, path: string): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const step of path === '' ? [] : path.split('.')) {
    if (!isJsonObject(current) || !Object.hasOwn(current, step)) return undefined;
    current = current[step];
  }
  return current;
}

function numberOf(value: JsonValue | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
