import { KosmoError } from '../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';

/** The value at a local reference (`#/components/…`), or undefined when nothing is there. */
export function lookUp(document: JsonObject, reference: string): JsonValue | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let value: JsonValue | undefined = document;
  for (const step of reference.slice(2).split('/')) {
    const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    // A `%` that stands for itself.
    return step;
  }
}

/** Follows `$ref` until an object that is none; a reference to nothing, or in a circle, is an error. */
export function dereference(document: JsonObject, value: JsonValue | undefined, where: string): JsonObject {
  const seen = new Set<string>();
  let current = value;
  while (isJsonObject(current) && typeof current['$ref'] === 'string') {
    const reference = current['$ref'];
    if (seen.has(reference))
      throw new KosmoError('document_invalid', `${where}: ${reference} refers to itself.`);
    seen.add(reference);
    current = lookUp(document, reference);
    if (current === undefined)
      throw new KosmoError('document_invalid', `${where}: ${reference} refers to nothing.`);
  }
  if (!isJsonObject(current)) throw new KosmoError('document_invalid', `${where}: an object was expected.`);
  return current;
}

/** The places of references that lead back to themselves and never to a value, as JSON pointers. */
export function circularReferences(document: JsonObject): string[] {
  const found: string[] = [];
  const walk = (value: JsonValue, pointer: string) => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value) && typeof value['$ref'] === 'string' && isCircular(document, value['$ref']))
      found.push(pointer);
    for (const [key, inner] of Object.entries(value))
      walk(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  };
  walk(document, '#');
  return found;
}

function isCircular(document: JsonObject, reference: string): boolean {
  const seen = new Set<string>();
  let current: JsonValue | undefined = { $ref: reference };
  while (isJsonObject(current) && typeof current['$ref'] === 'string') {
    if (seen.has(current['$ref'])) return true;
    seen.add(current['$ref']);
    current = lookUp(document, current['$ref']);
  }
  return false;
}
