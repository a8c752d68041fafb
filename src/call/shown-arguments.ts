import type { Account } from '../accounts/index.ts';
import type { JsonSchema } from '../manifest/index.ts';
import { propertiesOf, resolve, type SchemaLookup, variantsOf } from '../manifest/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { isSecretName, looksSecret, redacted } from '../support/redaction.ts';
import type { OperationPlan } from './plan.ts';

/** How much of the arguments is shown: characters of a string, members of a list or table, levels of nesting. */
const longestText = 200;
const mostMembers = 30;
const deepest = 6;

/**
 * A call's arguments as they may be kept and shown: without the account's credentials, without the values of arguments
 * that hold secrets (by their schema, by their name, or by how they look), and never long.
 * @param plan of the operation, when it is known
 * @param account when it is known
 */
export function shownArguments(
  args: JsonObject,
  plan: OperationPlan | null,
  account: Account | null,
): JsonValue {
  const schema = plan?.argumentSchema ?? {};
  const lookup = plan?.lookup ?? (() => undefined);
  const body = plan?.operation.body?.schema;
  const text = (value: string) => shorten(account?.redactor.text(value) ?? value);
  // A property of the body may stand beside the parameters.
  const schemas = isJsonObject(body) ? [schema, body] : [schema];
  return show(args, schemas, { lookup, text }, 0);
}

interface Showing {
  readonly lookup: SchemaLookup;
  /** A text without the account's credentials, and not too long. */
  readonly text: (value: string) => string;
}

function show(value: JsonValue, schemas: readonly JsonSchema[], showing: Showing, depth: number): JsonValue {
  if (typeof value === 'string') return looksSecret(value) ? redacted : showing.text(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return Array.isArray(value) ? ['…'] : { '…': '…' };
  const alternatives = schemas.flatMap((schema) => composing(schema, showing.lookup));
  if (Array.isArray(value)) {
    const items = alternatives.map((schema) => schema['items']).filter(isJsonObject);
    const shown = value.slice(0, mostMembers).map((item) => show(item, items, showing, depth + 1));
    return value.length > mostMembers ? [...shown, `… ${value.length - mostMembers} more`] : shown;
  }
  const entries = Object.entries(value);
  const shown = entries.slice(0, mostMembers).map(([name, inner]): [string, JsonValue] => {
    const properties = alternatives.map((schema) => propertiesOf(schema)[name]).filter(isJsonObject);
    const secret = isSecretName(name) || properties.some((schema) => isSecret(schema, showing.lookup));
    const key = showing.text(name);
    // Whether there is one is no secret.
    if (secret && inner !== null && typeof inner !== 'boolean') return [key, redacted];
    return [key, show(inner, properties, showing, depth + 1)];
  });
  if (entries.length > mostMembers) shown.push(['…', `${entries.length - mostMembers} more`]);
  return Object.fromEntries(shown);
}

function isSecret(schema: JsonSchema, lookup: SchemaLookup): boolean {
  return composing(schema, lookup).some(
    (part) => part['format'] === 'password' || part['writeOnly'] === true,
  );
}

/** What schemas are composed of, so that it is not worked out for every call. */
const compositions = new WeakMap<JsonSchema, readonly JsonSchema[]>();

/** A schema and everything it is composed of. A schema belongs to one manifest, and so to one `lookup`. */
function composing(schema: JsonSchema, lookup: SchemaLookup): readonly JsonSchema[] {
  let parts = compositions.get(schema);
  if (parts === undefined) {
    parts = flatten(schema, lookup, 0);
    compositions.set(schema, parts);
  }
  return parts;
}

function flatten(schema: JsonSchema, lookup: SchemaLookup, depth: number): JsonSchema[] {
  const resolved = resolve(schema, lookup);
  if (depth > 4) return [resolved];
  const parts = (['allOf', 'oneOf', 'anyOf'] as const).flatMap((keyword) =>
    variantsOf(resolved, keyword, lookup),
  );
  return [resolved, ...parts.flatMap((part) => flatten(part, lookup, depth + 1))];
}

function shorten(text: string): string {
  return text.length > longestText
    ? `${text.slice(0, longestText)}… ${text.length - longestText} more characters`
    : text;
}
