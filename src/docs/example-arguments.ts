import {
  exampleOf,
  type Operation,
  type Parameter,
  partsOf,
  propertiesOf,
  resolve,
  type SchemaLookup,
} from '../manifest/index.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';

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
  if (clashes && operation.body.isArgumentTable !== true) args['body'] = body;
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
  const parts = partsOf(resolve(body.schema, lookup), lookup);
  // A variant may only say which of the whole's properties it needs.
  const required = new Set(
    parts.flatMap((part) => (Array.isArray(part['required']) ? part['required'] : [])),
  );
  for (const part of parts) {
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
