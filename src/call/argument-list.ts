import {
  type JsonSchema,
  type Operation,
  type Parameter,
  propertiesOf,
  resolve,
  type SchemaLookup,
  variantsOf,
} from '../manifest/index.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';

/** One thing a call can be given. */
export interface Argument {
  /** As scripts write it: `organization_id`. */
  readonly name: string;
  /** Another accepted spelling. */
  readonly alias: string | null;
  readonly in: Parameter['in'] | 'body';
  /** Whether every call needs it from its caller. What the account fills in is not needed. */
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
}

/**
 * Every argument of an operation: its parameters, then the properties its body may have in any of its variants. A
 * property that is called as a parameter is left out: it is only reached through `body`.
 */
export function argumentsOf(operation: Operation, lookup: SchemaLookup): Argument[] {
  const parameters = operation.parameters.map((parameter): Argument => {
    const { argument: name, alias, in: place, required, accountDefault, description, schema } = parameter;
    return { name, alias, in: place, required: required && accountDefault.length === 0, description, schema };
  });
  const { body } = operation;
  if (body === null) return parameters;
  const taken = new Set(parameters.flatMap(({ name, alias }) => (alias === null ? [name] : [name, alias])));
  const needed = requiredOf(body.schema, lookup);
  const properties = [...bodyProperties(body.schema, lookup)].filter(([name]) => !taken.has(name));
  return [
    ...parameters,
    ...properties.map(([name, schemas]): Argument => {
      const [first = {}] = schemas;
      return {
        name,
        alias: null,
        in: 'body',
        required: needed.has(name) && !Object.hasOwn(body.accountDefaults, name),
        description: schemas.map((schema) => descriptionOf(schema, lookup)).find((text) => text !== '') ?? '',
        schema: schemas.length > 1 ? { anyOf: schemas } : first,
      };
    }),
  ];
}

/** The properties of a body, in the order of the document, each with the different schemas its variants give it. */
function bodyProperties(
  schema: JsonSchema,
  lookup: SchemaLookup,
  found = new Map<string, JsonSchema[]>(),
): Map<string, JsonSchema[]> {
  const resolved = resolve(schema, lookup);
  for (const [name, property] of Object.entries(propertiesOf(resolved))) {
    if (!isJsonObject(property)) continue;
    const schemas = found.get(name) ?? [];
    if (!schemas.some((other) => JSON.stringify(other) === JSON.stringify(property))) schemas.push(property);
    found.set(name, schemas);
  }
  for (const keyword of ['allOf', 'oneOf', 'anyOf'] as const) {
    for (const part of variantsOf(resolved, keyword, lookup)) bodyProperties(part, lookup, found);
  }
  return found;
}

/** The properties that a body needs, whichever variant it is. */
function requiredOf(schema: JsonSchema, lookup: SchemaLookup): Set<string> {
  const resolved = resolve(schema, lookup);
  const names = new Set<string>();
  const own: JsonObject[string] | undefined = resolved['required'];
  if (Array.isArray(own)) for (const name of own) if (typeof name === 'string') names.add(name);
  for (const part of variantsOf(resolved, 'allOf', lookup))
    for (const name of requiredOf(part, lookup)) names.add(name);
  for (const keyword of ['oneOf', 'anyOf'] as const) {
    const [first, ...others] = variantsOf(resolved, keyword, lookup).map((part) => requiredOf(part, lookup));
    for (const name of first ?? []) if (others.every((other) => other.has(name))) names.add(name);
  }
  return names;
}

function descriptionOf(schema: JsonSchema, lookup: SchemaLookup): string {
  const text = schema['description'] ?? resolve(schema, lookup)['description'];
  return typeof text === 'string' ? text : '';
}
