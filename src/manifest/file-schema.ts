import { isJsonObject, type JsonValue } from '../support/json.ts';
import type { JsonSchema } from './manifest.ts';
import { listKeywords } from './schema-keywords.ts';

/** What a file is given as: where it is, or what is in it. */
export const fileSchema: JsonSchema = {
  description: 'A file: its path, or its content as { text = … } or { base64 = … } with a name.',
  example: { text: 'Hello', name: 'hello.txt' },
  anyOf: [
    { type: 'string', minLength: 1 },
    {
      type: 'object',
      properties: {
        path: { type: 'string', minLength: 1, description: 'Where the file is.' },
        text: { type: 'string', description: 'Its content, when it is text.' },
        base64: { type: 'string', description: 'Its content in base64.' },
        name: { type: 'string', description: 'What it is called; the path’s last part unless given.' },
        type: { type: 'string', description: 'Its media type, such as image/png.' },
      },
      additionalProperties: false,
    },
  ],
};

/** Whether a schema stands for bytes. OpenAPI 3.0 says so with a format, 3.1 with a media type and no encoding. */
export function isBinary(schema: JsonSchema): boolean {
  if (schema['format'] === 'binary') return true;
  const { contentMediaType, contentEncoding } = schema;
  return (
    typeof contentMediaType === 'string' &&
    contentEncoding === undefined &&
    !/json|text|xml/.test(contentMediaType)
  );
}

/**
 * A body's schema with files in place of bytes.
 * @param resolve follows a reference
 * @param isFile whether the document says by other means that a property is a file
 */
export function withFiles(
  schema: JsonSchema,
  resolve: (schema: JsonSchema) => JsonSchema,
  isFile: (property: string) => boolean,
): { readonly schema: JsonSchema; readonly files: ReadonlySet<string> } {
  const files = new Set<string>();
  const settled = (value: JsonValue, depth: number): JsonValue => {
    if (!isJsonObject(value)) return value;
    const own = resolve(value);
    const found = new Set<string>();
    const properties = isJsonObject(own['properties']) ? { ...own['properties'] } : {};
    for (const [name, property] of Object.entries(properties)) {
      const inner = isJsonObject(property) ? resolve(property) : {};
      const items = isJsonObject(inner['items']) ? resolve(inner['items']) : null;
      if (isBinary(inner) || (isFile(name) && inner['type'] === 'string')) {
        properties[name] = described(fileSchema, inner);
        found.add(name);
      } else if (items !== null && isBinary(items)) {
        properties[name] = { ...inner, items: fileSchema };
        found.add(name);
      }
    }
    const parts: JsonSchema = {};
    for (const keyword of listKeywords) {
      const variants = own[keyword];
      if (depth < 4 && keyword !== 'prefixItems' && Array.isArray(variants))
        parts[keyword] = variants.map((variant) => settled(variant, depth + 1));
    }
    const changed =
      found.size > 0 || Object.entries(parts).some(([keyword, list]) => !sameItems(list, own[keyword]));
    for (const name of found) files.add(name);
    return changed ? { ...own, ...(found.size > 0 ? { properties } : {}), ...parts } : value;
  };
  const result = settled(schema, 0);
  return { schema: isJsonObject(result) ? result : schema, files };
}

function sameItems(list: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (!Array.isArray(list) || !Array.isArray(other)) return false;
  return list.every((item, index) => item === other[index]);
}

function described(file: JsonSchema, { description }: JsonSchema): JsonSchema {
  return typeof description === 'string' && description !== ''
    ? { ...file, description: `${description} (A file: its path, or { text = … } or { base64 = … }.)` }
    : file;
}
