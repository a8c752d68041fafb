import type { JSONValue } from 'json-p3';
import { KosmoError } from '../../support/errors.ts';
import type { JsonValue } from '../../support/json.ts';

/** Takes a part of a value. */
export interface Selection {
  /** Whether it names one place: then it gives one value, else a list. */
  readonly single: boolean;
  /** Undefined when it names one place and nothing is there. */
  of(value: JsonValue): JsonValue | undefined;
}

/**
 * Reads `--select`: a JSONPath query (RFC 9535), of which the leading `$` may be left away: `data[*].id`.
 * @throws KosmoError `usage`
 */
export async function readSelection(text: string): Promise<Selection> {
  const { jsonpath, JSONPathError } = await import('json-p3');
  const query = text.startsWith('$') ? text : `$${/^[[.]/.test(text) ? '' : '.'}${text}`;
  try {
    const compiled = jsonpath.compile(query);
    const single = compiled.singularQuery();
    return {
      single,
      of(value) {
        // The library has a JSON type of its own; what it gives are parts of what it was given.
        const found = compiled.query(value as JSONValue).nodes.map((node) => node.value as JsonValue);
        return single ? found[0] : found;
      },
    };
  } catch (error) {
    if (!(error instanceof JSONPathError)) throw error;
    const message = error.message.replace(/\s*\(.*\)$/s, '');
    throw new KosmoError('usage', `--select ${text} is not JSONPath: ${message}.`, {
      hint: "For example --select 'data[*].id', or --select 'data[?@.name==\"Acme\"].id'.",
    });
  }
}
