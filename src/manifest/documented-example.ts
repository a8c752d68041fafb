import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import type { DocumentedExample } from './manifest.ts';
import { listOf, objectOf, stringOf } from './read-document.ts';

/** What `x-kosmo-example` says of an operation; null where it is not there. */
export function documentedExampleOf(definition: JsonObject): DocumentedExample | null {
  const entry = definition['x-kosmo-example'];
  if (!isJsonObject(entry)) return null;
  const { before, needs, arguments: args, full } = entry;
  return {
    before: stringOf(before).trim(),
    needs: stringOf(needs),
    arguments: objectOf(args),
    full: isJsonObject(full) ? full : null,
  };
}

/** The events that `x-kosmo-events` names. */
export function documentedEventsOf(value: JsonValue | undefined): string[] {
  return listOf(value).map(stringOf);
}
