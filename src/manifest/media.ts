import type { JsonObject, JsonValue } from '../support/json.ts';

/** Media types whose content is a value of JSON for each line, or after each record separator (RFC 7464). */
export function isLinesOfJson(contentType: string): boolean {
  return linesOfJson.test(contentType);
}

const linesOfJson = /(?:^|[/+])(?:x-)?(?:jsonl|ndjson|jsonlines|json-lines|json-seq)\s*(?:;|$)/i;

/** The schema of a media type's content; of content that is a sequence, OpenAPI 3.2 gives that of each item. */
export function schemaOfMedia(media: JsonObject): JsonValue | undefined {
  const { schema, itemSchema } = media;
  return schema === undefined && itemSchema !== undefined ? { type: 'array', items: itemSchema } : schema;
}
