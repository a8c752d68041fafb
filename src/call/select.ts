import { didYouMean, type Integration } from '../catalog/index.ts';
import type { IndexedOperation, Operation } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

/** The failure for a name that no operation has, with the nearest names. */
export function unknownFunction(shownAs: string, integration: Integration, name: string): Failure {
  const suggestions = integration.nearest(name);
  return failure('unknown_function', `Unknown function ${shownAs}.${didYouMean(suggestions)}`, {
    hint:
      suggestions.length > 0
        ? 'Use one of the suggested names.'
        : `docs.search("${name}") finds functions by what they do.`,
    details: { function: name, integration: integration.name, suggestions },
  });
}

/**
 * The operation that a name and its arguments mean. Where operations share a Lua name, it is the one whose
 * required path and query arguments are given, if that is exactly one.
 */
export function selectOperation(
  integration: Integration,
  name: string,
  args: JsonObject,
): IndexedOperation | Failure {
  const candidates = integration.find(name);
  const [first, ...others] = candidates;
  if (first === undefined)
    return unknownFunction(`app.integrations.${integration.name}.${name}`, integration, name);
  if (others.length === 0) return first;
  const fitting = candidates.filter((entry) => hasRequired(integration.reader.operation(entry), args));
  const only = fitting[0];
  if (fitting.length === 1 && only !== undefined) return only;
  return ambiguousFunction(integration, name, candidates);
}

function hasRequired(operation: Operation, args: JsonObject): boolean {
  return operation.parameters
    .filter(
      ({ in: place, required, accountDefault }) =>
        place !== 'header' && required && accountDefault.length === 0,
    )
    .every(
      ({ argument, alias }) =>
        Object.hasOwn(args, argument) || (alias !== null && Object.hasOwn(args, alias)),
    );
}

/** The failure for a name that several operations share, with what tells them apart. */
export function ambiguousFunction(
  { name: integration, reader }: Integration,
  name: string,
  candidates: readonly IndexedOperation[],
): Failure {
  const described = candidates.map((entry) => {
    const required = reader
      .operation(entry)
      .parameters.filter((parameter) => parameter.required && parameter.in !== 'header');
    const needs = required.map(({ argument }) => argument).join(', ') || 'no arguments';
    return { function: `${integration}.${entry.slug}`, path: `${entry.method} ${entry.path}`, needs };
  });
  const list = described
    .map((entry) => `${entry.function} (${entry.path}; needs ${entry.needs})`)
    .join(' or ');
  return failure(
    'ambiguous_function',
    `${name} names ${candidates.length} operations, and the arguments do not tell which: ${list}.`,
    {
      hint: 'Give the arguments of one of them, or call it by its full name.',
      details: { function: name, candidates: described },
    },
  );
}
