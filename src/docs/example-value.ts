import {
  hasType,
  type JsonSchema,
  type Operation,
  type Parameter,
  propertiesOf,
  resolve,
  type SchemaLookup,
  typesOf,
  variantsOf,
} from '../manifest/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';

/** How many optional arguments a full example shows. */
const mostOptional = 5;

/** Arguments of paging say nothing about what an operation is for. */
const paging = new Set(['before', 'after', 'order']);

/**
 * Example arguments of an operation, valid by its schema: those it needs, and for `full` some of those it takes.
 * Properties of the body stand beside the parameters where their names allow it.
 */
export function exampleArguments(
  operation: Operation,
  lookup: SchemaLookup,
  extent: 'required' | 'full',
): JsonObject {
  const args: JsonObject = {};
  let optional = 0;
  const takes = (needed: boolean) => needed || (extent === 'full' && optional++ < mostOptional);
  for (const parameter of chosenParameters(operation, extent)) {
    const needed = parameter.required || inChosenVariant(operation, 'query', parameter.name);
    if (needed && parameter.accountDefault.length > 0) continue;
    if (takes(needed)) args[parameter.alias ?? parameter.argument] = exampleOf(parameter.schema, lookup);
  }
  if (operation.body === null) return args;
  const body = exampleBody(operation, lookup, takes);
  const clashes = Object.keys(body).some((name) => Object.hasOwn(args, name) || name === 'body');
  if (clashes) args['body'] = body;
  else Object.assign(args, body);
  return args;
}

function chosenParameters(operation: Operation, extent: 'required' | 'full'): Parameter[] {
  const others = excludedNames(operation, 'query');
  return operation.parameters.filter((parameter) => {
    if (parameter.required) return true;
    if (others.has(parameter.name)) return false;
    return (
      inChosenVariant(operation, 'query', parameter.name) ||
      (extent === 'full' && !paging.has(parameter.name))
    );
  });
}

function exampleBody(
  operation: Operation,
  lookup: SchemaLookup,
  takes: (needed: boolean) => boolean,
): JsonObject {
  const { body } = operation;
  if (body === null) return {};
  const example: JsonObject = {};
  const others = excludedNames(operation, 'body');
  for (const part of partsOf(resolve(body.schema, lookup), lookup)) {
    const required = new Set(Array.isArray(part['required']) ? part['required'] : []);
    for (const [name, schema] of Object.entries(propertiesOf(part))) {
      if (Object.hasOwn(example, name) || others.has(name) || !isJsonObject(schema)) continue;
      const chosen = required.has(name) || inChosenVariant(operation, 'body', name);
      if (chosen && Object.hasOwn(body.accountDefaults, name)) continue;
      if (resolve(schema, lookup)['deprecated'] === true && !chosen) continue;
      if (takes(chosen)) example[name] = exampleOf(schema, lookup);
    }
  }
  return example;
}

/** A schema with what it is made of: all of `allOf`, the first of `oneOf` and `anyOf`. */
function partsOf(schema: JsonSchema, lookup: SchemaLookup): JsonSchema[] {
  const first = (['oneOf', 'anyOf'] as const).flatMap((keyword) =>
    variantsOf(schema, keyword, lookup).slice(0, 1),
  );
  const parts = [...variantsOf(schema, 'allOf', lookup), ...first];
  return [schema, ...parts.flatMap((part) => partsOf(part, lookup))];
}

/** Whether a name belongs to the first variant of a group of which one must be given. */
function inChosenVariant(operation: Operation, place: 'body' | 'query', name: string): boolean {
  return operation.exclusiveGroups.some((group) => {
    const first = Object.values(group.variants)[0] ?? [];
    return group.in === place && !group.optional && first.includes(name);
  });
}

/** Names of groups that are not to be given beside the first variant. */
function excludedNames(operation: Operation, place: 'body' | 'query'): Set<string> {
  const groups = operation.exclusiveGroups.filter((group) => group.in === place);
  return new Set(
    groups.flatMap((group) => {
      const variants = Object.values(group.variants);
      // A part of a variant alone is an error, so an optional group is shown whole or, being optional, not at all.
      return group.optional ? variants.flat() : variants.slice(1).flat();
    }),
  );
}

/** A value that fits a schema: the document's own example where it fits, else one made from the type. */
export function exampleOf(schema: JsonSchema, lookup: SchemaLookup, depth = 0): JsonValue {
  const resolved = resolve(schema, lookup);
  const { const: constant, enum: values, default: standard, example, examples } = resolved;
  if (constant !== undefined) return constant;
  for (const candidate of [example, Array.isArray(examples) ? examples[0] : undefined, standard]) {
    if (candidate !== undefined && candidate !== null && fits(resolved, candidate)) return candidate;
  }
  if (Array.isArray(values)) return values.find((value) => value !== null) ?? null;
  for (const keyword of ['oneOf', 'anyOf'] as const) {
    const [first] = variantsOf(resolved, keyword, lookup).filter(
      (variant) => !typesOf(variant).includes('null'),
    );
    if (first !== undefined) return exampleOf(first, lookup, depth + 1);
  }
  return madeUp(resolved, lookup, depth);
}

/** A shallow look: examples in documents are wrong in their type, if they are wrong. */
function fits(schema: JsonSchema, value: JsonValue): boolean {
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => hasType(value, type))) return false;
  const values = schema['enum'];
  if (Array.isArray(values) && !values.includes(value)) return false;
  if (Array.isArray(value)) {
    const items = schema['items'];
    return !isJsonObject(items) || value.every((item) => fits(items, item));
  }
  return true;
}

function madeUp(schema: JsonSchema, lookup: SchemaLookup, depth: number): JsonValue {
  const type =
    typesOf(schema).find((name) => name !== 'null') ??
    (schema['properties'] === undefined ? 'string' : 'object');
  switch (type) {
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return true;
    case 'array':
      return isJsonObject(schema['items']) && depth < 6
        ? [exampleOf(schema['items'], lookup, depth + 1)]
        : [];
    case 'object':
      return madeUpObject(schema, lookup, depth);
    default:
      return exampleText(schema['format']);
  }
}

function madeUpObject(schema: JsonSchema, lookup: SchemaLookup, depth: number): JsonObject {
  const object: JsonObject = {};
  for (const part of partsOf(schema, lookup)) {
    const required = Array.isArray(part['required']) ? part['required'] : [];
    for (const [name, property] of Object.entries(propertiesOf(part))) {
      if (required.includes(name) && isJsonObject(property) && depth < 6)
        object[name] = exampleOf(property, lookup, depth + 1);
    }
  }
  return object;
}

function exampleText(format: JsonValue | undefined): string {
  switch (format) {
    case 'date-time':
      return '2026-01-15T12:00:00.000Z';
    case 'date':
      return '2026-01-15';
    case 'email':
      return 'ann@example.com';
    case 'uri':
    case 'url':
      return 'https://example.com/';
    case 'uuid':
      return '884793cd-bef4-46cf-8790-e3d4957a09ce';
    default:
      return 'text';
  }
}
