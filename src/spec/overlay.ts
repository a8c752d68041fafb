import { type JSONValue, jsonpath } from 'json-p3';
import { KosmoError } from '../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';

/** One action of an OpenAPI Overlay 1.0 document. */
interface OverlayAction {
  readonly target: string;
  /** JSONPath: where it matches, the action is left out, because the document has what it would add. */
  readonly unless: string | null;
  readonly change: { readonly kind: 'remove' } | { readonly kind: 'update'; readonly value: JsonValue };
}

/**
 * Applies an OpenAPI Overlay 1.0 document and returns the changed copy.
 *
 * Targets are JSONPath (RFC 9535). `update` merges into objects and appends to arrays, `remove` takes the target
 * away. The standard lets a target match nothing in silence; here it is an error, all of them at once, because an
 * overlay that no longer fits its document must not go unnoticed.
 * @param onUnmatched takes such targets in place of the error
 * Source: OpenAPI Overlay Specification 1.0.0.
 */
export function applyOverlay(
  document: JsonObject,
  overlay: JsonObject,
  location: string,
  onUnmatched: (targets: readonly string[]) => void = (targets) => {
    throw new KosmoError(
      'document_invalid',
      `${location}: these targets match nothing:\n  ${targets.join('\n  ')}`,
    );
  },
): JsonObject {
  const actions = parseActions(overlay, location);
  const result = ownCopy(document);
  const unmatched: string[] = [];
  actions.forEach((action, index) => {
    const where = `${location}: action ${index + 1}`;
    if (action.unless !== null && select(document, action.unless, where).length > 0) return;
    const matches = select(result, action.target, where);
    if (matches.length === 0) unmatched.push(`action ${index + 1}: ${action.target}`);
    if (action.change.kind === 'remove') {
      // Last first, so that removing an array's entry does not move the ones still to be removed.
      for (const match of matches.reverse()) remove(result, match);
    } else {
      for (const match of matches) update(result, match, action.change.value, action.target);
    }
  });
  if (unmatched.length > 0) onUnmatched(unmatched);
  return result;
}

/** A copy in which nothing is shared: what a YAML document says twice with an alias changes in one place only. */
function ownCopy<Value extends JsonValue>(value: Value): Value;
function ownCopy(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item) => ownCopy(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, ownCopy(item)]));
}

function parseActions(overlay: JsonObject, location: string): OverlayAction[] {
  const bad = (message: string) => new KosmoError('document_invalid', `${location}: ${message}`);
  const version = overlay['overlay'];
  if (typeof version !== 'string' || !/^1\.\d+\.\d+$/.test(version)) {
    throw bad('not an OpenAPI Overlay 1 document (its `overlay` field says no 1.x.y version).');
  }
  const actions = overlay['actions'];
  if (!Array.isArray(actions) || actions.length === 0) throw bad('it has no `actions`.');
  return actions.map((action, index) => {
    if (!isJsonObject(action) || typeof action['target'] !== 'string')
      throw bad(`action ${index + 1} has no target.`);
    const { target, remove: removal, update: value } = action;
    // By the standard `remove: true` wins over an `update` beside it; here the two together are a mistake.
    if ((removal === true) === (value !== undefined)) {
      throw bad(`action ${index + 1} (${target}) needs exactly one of \`update\` and \`remove: true\`.`);
    }
    const condition = action['x-kosmo-unless'];
    const unless = typeof condition === 'string' ? condition : null;
    return { target, unless, change: value === undefined ? { kind: 'remove' } : { kind: 'update', value } };
  });
}

type Location = readonly (string | number)[];

function select(document: JsonObject, target: string, where: string): Location[] {
  try {
    // json-p3 has its own JSON type; a document parsed from YAML fits it.
    return jsonpath.query(target, document as JSONValue).nodes.map((node) => [...node.location]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KosmoError('document_invalid', `${where}: ${target} is not JSONPath: ${reason}`);
  }
}

function parentOf(document: JsonObject, location: Location): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const key of location.slice(0, -1)) value = childOf(value, key);
  return value;
}

function childOf(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  return isJsonObject(value) ? value[key] : undefined;
}

function remove(document: JsonObject, location: Location): void {
  const parent = parentOf(document, location);
  const key = location.at(-1);
  if (Array.isArray(parent) && typeof key === 'number') parent.splice(key, 1);
  else if (isJsonObject(parent) && key !== undefined) delete parent[key];
}

function update(document: JsonObject, location: Location, value: JsonValue, target: string): void {
  const key = location.at(-1);
  const parent = parentOf(document, location);
  const current = key === undefined ? document : childOf(parent, key);
  if (isJsonObject(current) && isJsonObject(value)) merge(current, value);
  else if (Array.isArray(current)) current.push(structuredClone(value));
  else if (isJsonObject(parent) && typeof key === 'string') parent[key] = structuredClone(value);
  else if (Array.isArray(parent) && typeof key === 'number') parent[key] = structuredClone(value);
  else
    throw new KosmoError(
      'document_invalid',
      `${target}: the whole document can only be merged with a mapping.`,
    );
}

function merge(into: JsonObject, from: JsonObject): void {
  for (const [key, value] of Object.entries(from)) {
    const current = Object.hasOwn(into, key) ? into[key] : undefined;
    if (isJsonObject(current) && isJsonObject(value)) merge(current, value);
    else if (Array.isArray(current) && Array.isArray(value)) current.push(...structuredClone(value));
    else into[key] = structuredClone(value);
  }
}
