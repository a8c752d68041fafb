import { dereference } from '../spec/references.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { fileSchema, isBinary, withFiles } from './file-schema.ts';
import type { BodyEncoding, BodyPart, JsonSchema, RequestBody } from './manifest.ts';
import { isLinesOfJson, schemaOfMedia } from './media.ts';
import { booleanOf, listOf, objectOf, stringOf } from './read-document.ts';
import type { SchemaCompiler } from './schema.ts';

/**
 * An operation's body, or null when it takes none. Of several types the one that says most of its value is taken:
 * JSON, a form, a multipart form, text, a file.
 */
export function compileRequestBody(
  document: JsonObject,
  schemas: SchemaCompiler,
  entry: JsonValue | undefined,
  where: string,
): RequestBody | null {
  if (entry === undefined) return null;
  const body = dereference(document, entry, `${where} body`);
  const offered = Object.entries(objectOf(body['content'])).map(([type, entry]) => {
    const media = dereference(document, entry, `${where} body`);
    const isList = media['itemSchema'] !== undefined && isLinesOfJson(type);
    return [type, isList ? 'lines' : encodingOf(type), media] as const;
  });
  const chosen = preference.flatMap((wanted) => offered.filter(([, encoding]) => encoding === wanted))[0];
  if (chosen === undefined) return null;
  const [contentType, encoding, media] = chosen;
  const written = encoding === 'lines' ? schemaOfMedia(media) : media['schema'];
  if (encoding !== 'lines' && media['itemSchema'] !== undefined && written === undefined)
    schemas.note(`${where} body`, `items of ${contentType} are not checked`);
  const schema = schemas.compile(written, `${where} body`);
  const required = booleanOf(body['required'], false);
  if (encoding === 'file' || (encoding === 'text' && isBinary(schemas.resolve(schema)))) {
    return {
      required,
      contentType,
      encoding: 'file',
      schema: fileSchema,
      properties: [],
      accountDefaults: {},
    };
  }
  if (encoding === 'text') {
    return {
      required,
      contentType,
      encoding,
      schema: { type: 'string' },
      properties: [],
      accountDefaults: {},
    };
  }
  const properties = new Map<string, readonly string[]>();
  collectProperties(document, written, `${where} body`, properties);
  return {
    required,
    contentType,
    encoding,
    ...(encoding === 'json' || encoding === 'lines'
      ? { schema }
      : formOf(schemas, media, schema, encoding, [...properties.keys()])),
    properties: [...properties.keys()],
    accountDefaults: Object.fromEntries([...properties].filter(([, fields]) => fields.length > 0)),
  };
}

const preference: readonly BodyEncoding[] = ['json', 'lines', 'form', 'multipart', 'text', 'file'];

function encodingOf(contentType: string): BodyEncoding {
  const type = contentType.toLowerCase().split(';')[0]?.trim() ?? '';
  if (/(^|[/+])json$/.test(type) || type === '*/*') return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type.startsWith('multipart/')) return 'multipart';
  if (type.startsWith('text/') || /(^|[/+])(xml|yaml|x-yaml|javascript|graphql|x-ndjson)$/.test(type))
    return 'text';
  return 'file';
}

function formOf(
  schemas: SchemaCompiler,
  media: JsonObject,
  schema: JsonSchema,
  encoding: BodyEncoding,
  names: readonly string[],
): { schema: JsonSchema; parts?: Readonly<Record<string, BodyPart>> } {
  const said = objectOf(media['encoding']);
  const typeOf = (name: string) => stringOf(objectOf(said[name])['contentType']).split(',')[0]?.trim() ?? '';
  const isFile = (name: string) => typeOf(name) !== '' && encodingOf(typeOf(name)) === 'file';
  const settled =
    encoding === 'multipart'
      ? withFiles(schema, (inner) => schemas.resolve(inner), isFile)
      : { schema, files: new Set<string>() };
  const parts: Record<string, BodyPart> = {};
  for (const name of names) {
    const entry = objectOf(said[name]);
    const style = entry['style'];
    const known = style === 'spaceDelimited' || style === 'pipeDelimited' || style === 'deepObject';
    const part: BodyPart = {
      contentType: typeOf(name) || null,
      style: known ? style : 'form',
      explode: booleanOf(entry['explode'], !known),
      ...(settled.files.has(name) ? { isFile: true } : {}),
    };
    if (said[name] !== undefined || part.isFile === true) parts[name] = part;
  }
  return { schema: settled.schema, ...(Object.keys(parts).length > 0 ? { parts } : {}) };
}

/** Top-level properties of every variant of the body, each with the account fields that may fill it. */
function collectProperties(
  document: JsonObject,
  schema: JsonValue | undefined,
  where: string,
  found: Map<string, readonly string[]>,
  seen = new Set<JsonObject>(),
): void {
  if (!isJsonObject(schema)) return;
  const target = dereference(document, schema, where);
  // A variant may refer back to the whole, and many to the same part.
  if (seen.has(target)) return;
  seen.add(target);
  for (const [name, property] of Object.entries(objectOf(target['properties']))) {
    const fields = listOf(objectOf(property)['x-kosmo-account-default']).map(stringOf);
    if (fields.length > 0 || !found.has(name)) found.set(name, fields);
  }
  for (const variants of ['allOf', 'oneOf', 'anyOf']) {
    for (const variant of listOf(target[variants])) collectProperties(document, variant, where, found, seen);
  }
}
