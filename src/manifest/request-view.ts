import { isJsonObject, type JsonValue } from '../support/json.ts';
import type { JsonSchema } from './manifest.ts';

/** A copy of a schema in which no property that is `readOnly` is required; the schema itself when there is none. */
export function requestView(schema: JsonSchema): JsonSchema {
  const view = viewOf(schema);
  return isJsonObject(view) ? view : schema;
}

function viewOf(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const items = value.map(viewOf);
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  if (!isJsonObject(value)) return value;
  let changed: JsonSchema | null = null;
  for (const [key, inner] of Object.entries(value)) {
    const view = viewOf(inner);
    if (view === inner) continue;
    changed ??= { ...value };
    changed[key] = view;
  }
  const { required, properties } = value;
  if (Array.isArray(required) && isJsonObject(properties)) {
    const needed = required.filter((name) => {
      const property = typeof name === 'string' ? properties[name] : undefined;
      return !isJsonObject(property) || property['readOnly'] !== true;
    });
    if (needed.length < required.length) changed = { ...(changed ?? value), required: needed };
  }
  return changed ?? value;
}
