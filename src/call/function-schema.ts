import type { Integration } from '../catalog/index.ts';
import {
  argumentSchemaOf,
  type Effect,
  type IndexedOperation,
  type JsonSchema,
  type ManifestReader,
} from '../manifest/index.ts';
import { isJsonObject, type JsonValue } from '../support/json.ts';

/** What a function takes and gives, each a JSON Schema 2020-12 that stands by itself. */
export interface FunctionSchema {
  /** Full name with its integration. */
  readonly function: string;
  readonly lua_name: string;
  readonly aliases: readonly string[];
  readonly effect: Effect;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  /** Of the argument table. */
  readonly parameters: JsonSchema;
  /** Of the answer; null when there is none. */
  readonly response: JsonSchema | null;
}

/** The schema of one operation. */
export function functionSchema(integration: Integration, entry: IndexedOperation): FunctionSchema {
  const { reader } = integration;
  const operation = reader.operation(entry);
  const { slug, luaName, aliases, effect, method, path, summary, responses } = operation;
  const redirects = responses.some(({ status }) => status.startsWith('3'));
  const answer =
    responses.find(({ status }) => status.startsWith('2') || status === 'default')?.schema ?? null;
  const url = { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] };
  return {
    function: `${integration.name}.${slug}`,
    lua_name: luaName,
    aliases: aliases.map((alias) => `${integration.name}.${alias}`),
    effect,
    method,
    path,
    summary,
    // What the account can fill in need not be given.
    parameters: alone(
      argumentSchemaOf(operation, (fields) => fields.length > 0),
      reader,
    ),
    response: redirects ? url : answer === null ? null : alone(answer, reader),
  };
}

/** A schema with everything it refers to, under `$defs`. */
function alone(schema: JsonSchema, reader: ManifestReader): JsonSchema {
  const named = reader.schemasOf(schema);
  const inner = pointed(schema);
  if (Object.keys(named).length === 0 || !isJsonObject(inner)) return schema;
  return {
    ...inner,
    $defs: Object.fromEntries(Object.entries(named).map(([name, value]) => [name, pointed(value)])),
  };
}

function pointed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(pointed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === '$ref' && typeof inner === 'string')
        return [key, inner.replace(/^#\/schemas\//, '#/$defs/')];
      // Documents name a property twice; a schema that stands by itself may not.
      if (key === 'required' && Array.isArray(inner)) return [key, [...new Set(inner)]];
      return [key, pointed(inner)];
    }),
  );
}
