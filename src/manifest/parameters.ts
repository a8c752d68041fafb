import { dereference } from '../spec/references.ts';
import { KosmoError } from '../support/errors.ts';
import type { JsonObject, JsonValue } from '../support/json.ts';
import type { Parameter } from './manifest.ts';
import { placeholderAliasOf, snakeCase } from './names.ts';
import { booleanOf, listOf, stringOf } from './read-document.ts';
import { compileSchema } from './schema.ts';

/** An operation's path, query and header parameters: those of its path first, its own over them. */
export function compileParameters(
  document: JsonObject,
  item: JsonObject,
  definition: JsonObject,
  path: string,
  where: string,
): Parameter[] {
  const byPlace = new Map<string, Parameter>();
  for (const entry of [...listOf(item['parameters']), ...listOf(definition['parameters'])]) {
    const parameter = compileParameter(document, dereference(document, entry, where), path, where);
    if (parameter !== null) byPlace.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return withoutClashes([...byPlace.values()], where);
}

function compileParameter(
  document: JsonObject,
  entry: JsonObject,
  path: string,
  where: string,
): Parameter | null {
  const name = stringOf(entry['name']);
  const place = entry['in'];
  if (name === '') throw new KosmoError('document_invalid', `${where}: a parameter has no name.`);
  // Cookies belong to browsers; a call never sends them.
  if (place !== 'path' && place !== 'query' && place !== 'header') return null;
  const style = styleOf(entry['style'], place);
  return {
    name,
    argument: snakeCase(name),
    alias: place === 'path' ? placeholderAliasOf(path, name) : null,
    in: place,
    required: place === 'path' || booleanOf(entry['required'], false),
    style,
    explode: booleanOf(entry['explode'], style === 'form'),
    description: stringOf(entry['description']),
    schema: compileSchema(document, entry['schema'], `${where} ${name}`),
    accountDefault: listOf(entry['x-kosmo-account-default']).map(stringOf),
  };
}

function styleOf(said: JsonValue | undefined, place: Parameter['in']): Parameter['style'] {
  switch (said) {
    case 'form':
    case 'simple':
    case 'deepObject':
    case 'spaceDelimited':
    case 'pipeDelimited':
      return said;
    default:
      return place === 'query' ? 'form' : 'simple';
  }
}

/** An alias gives way to any argument of that name; two parameters with one argument name are an error. */
function withoutClashes(parameters: readonly Parameter[], where: string): Parameter[] {
  const names = new Set<string>();
  for (const { argument } of parameters) {
    if (names.has(argument)) {
      throw new KosmoError('document_invalid', `${where}: two parameters are called ${argument}.`);
    }
    names.add(argument);
  }
  const aliases = parameters.map((parameter) => parameter.alias);
  return parameters.map((parameter) => {
    const { alias } = parameter;
    const usable =
      alias !== null && !names.has(alias) && aliases.indexOf(alias) === aliases.lastIndexOf(alias);
    return usable ? parameter : { ...parameter, alias: null };
  });
}
