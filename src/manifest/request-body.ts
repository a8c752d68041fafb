import { dereference } from '../spec/references.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import type { RequestBody } from './manifest.ts';
import { booleanOf, listOf, objectOf, stringOf } from './read-document.ts';
import { compileSchema } from './schema.ts';

/** An operation's body, or null when it takes none. JSON is taken where the document offers it. */
export function compileRequestBody(
  document: JsonObject,
  entry: JsonValue | undefined,
  where: string,
): RequestBody | null {
  if (entry === undefined) return null;
  const body = dereference(document, entry, `${where} body`);
  const content = Object.entries(objectOf(body['content']));
  const [contentType, media] = content.find(([type]) => type.includes('json')) ?? content[0] ?? [];
  if (contentType === undefined) return null;
  const schema = objectOf(media)['schema'];
  const properties = new Map<string, readonly string[]>();
  collectProperties(document, schema, `${where} body`, properties);
  return {
    required: booleanOf(body['required'], false),
    contentType,
    schema: compileSchema(document, schema, `${where} body`),
    properties: [...properties.keys()],
    accountDefaults: Object.fromEntries([...properties].filter(([, fields]) => fields.length > 0)),
  };
}

/** Top-level properties of every variant of the body, each with the account fields that may fill it. */
function collectProperties(
  document: JsonObject,
  schema: JsonValue | undefined,
  where: string,
  found: Map<string, readonly string[]>,
): void {
  if (!isJsonObject(schema)) return;
  const target = dereference(document, schema, where);
  for (const [name, property] of Object.entries(objectOf(target['properties']))) {
    const fields = listOf(objectOf(property)['x-kosmo-account-default']).map(stringOf);
    if (fields.length > 0 || !found.has(name)) found.set(name, fields);
  }
  for (const variants of ['allOf', 'oneOf', 'anyOf']) {
    for (const variant of listOf(target[variants])) collectProperties(document, variant, where, found);
  }
}
