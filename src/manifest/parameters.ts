import { dereference } from '../spec/references.ts';
import { KosmoError } from '../support/errors.ts';
import type { JsonObject, JsonValue } from '../support/json.ts';
import type { Parameter, ParameterStyle } from './manifest.ts';
import { placeholderAliasOf, snakeCase } from './names.ts';
import { booleanOf, listOf, objectOf, stringOf } from './read-document.ts';
import type { Notes } from './report.ts';
import type { SchemaCompiler } from './schema.ts';

/** What parameters are compiled with. */
export interface ParameterContext {
  readonly document: JsonObject;
  readonly schemas: SchemaCompiler;
  readonly notes: Notes;
  /** Names that are taken, such as `body`. */
  readonly taken: readonly string[];
}

/** An operation's parameters: those of its path first, its own over them. */
export function compileParameters(
  context: ParameterContext,
  item: JsonObject,
  definition: JsonObject,
  path: string,
  where: string,
): Parameter[] {
  const byPlace = new Map<string, Parameter>();
  for (const entry of [...listOf(item['parameters']), ...listOf(definition['parameters'])]) {
    const parameter = compileParameter(context, dereference(context.document, entry, where), path, where);
    if (parameter !== null) byPlace.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  // A placeholder that the document forgot is a parameter all the same: without it there is no URL.
  for (const [, name = ''] of path.matchAll(/\{([^}]+)\}/g)) {
    if (!byPlace.has(`path ${name}`)) byPlace.set(`path ${name}`, placeholder(name, path));
  }
  return withoutClashes([...byPlace.values()], context, where);
}

function placeholder(name: string, path: string): Parameter {
  return {
    name,
    argument: snakeCase(name),
    alias: placeholderAliasOf(path, name),
    in: 'path',
    required: true,
    style: 'simple',
    explode: false,
    description: '',
    schema: { type: 'string' },
    accountDefault: [],
  };
}

/** Headers that the standard gives to the body, the answer and the credentials, not to parameters. */
const notParameters = new Set(['accept', 'content-type', 'authorization']);

function compileParameter(
  { document, schemas }: ParameterContext,
  entry: JsonObject,
  path: string,
  where: string,
): Parameter | null {
  const name = stringOf(entry['name']);
  const place = entry['in'];
  if (name === '') throw new KosmoError('document_invalid', `${where}: a parameter has no name.`);
  if (!isPlace(place)) return null;
  if (place === 'header' && notParameters.has(name.toLowerCase())) return null;
  if (place === 'path' && !path.includes(`{${name}}`)) return null;
  const style = styleOf(entry['style'], place);
  const [contentType, media] = Object.entries(objectOf(entry['content']))[0] ?? [];
  const schema = contentType === undefined ? entry['schema'] : dereference(document, media, where)['schema'];
  return {
    name,
    argument: snakeCase(name) || 'value',
    alias: place === 'path' ? placeholderAliasOf(path, name) : null,
    in: place,
    required: place === 'path' || booleanOf(entry['required'], false),
    style,
    explode: booleanOf(entry['explode'], style === 'form'),
    ...(entry['allowReserved'] === true ? { allowReserved: true } : {}),
    ...(contentType?.includes('json') === true ? { isJson: true } : {}),
    ...(place === 'cookie' && entry['style'] === 'cookie' ? { isPlain: true } : {}),
    description: stringOf(entry['description']) || stringOf(objectOf(schema)['description']),
    schema: schemas.compile(schema, `${where} ${name}`),
    accountDefault: listOf(entry['x-kosmo-account-default']).map(stringOf),
  };
}

function isPlace(place: JsonValue | undefined): place is Parameter['in'] {
  return (
    place === 'path' ||
    place === 'query' ||
    place === 'querystring' ||
    place === 'header' ||
    place === 'cookie'
  );
}

function styleOf(said: JsonValue | undefined, place: Parameter['in']): ParameterStyle {
  switch (said) {
    case 'matrix':
    case 'label':
    case 'form':
    case 'simple':
    case 'deepObject':
    case 'spaceDelimited':
    case 'pipeDelimited':
      return said;
    default:
      return place === 'header' || place === 'path' ? 'simple' : 'form';
  }
}

/**
 * An alias gives way to any argument of that name. Of two parameters with one name, the one in the path keeps it and
 * the other is called by its place: `id` and `query_id`.
 */
function withoutClashes(
  parameters: readonly Parameter[],
  { notes, taken }: ParameterContext,
  where: string,
): Parameter[] {
  const names = new Set<string>(taken);
  const ordered = [...parameters].sort((a, b) => Number(b.in === 'path') - Number(a.in === 'path'));
  const renamed = new Map<Parameter, Parameter>();
  for (const parameter of ordered) {
    let { argument } = parameter;
    if (names.has(argument)) {
      const wanted = `${parameter.in}_${argument}`;
      argument = wanted;
      for (let count = 2; names.has(argument); count++) argument = `${wanted}_${count}`;
      notes.renamed.push({ operation: where, argument });
    }
    names.add(argument);
    renamed.set(parameter, argument === parameter.argument ? parameter : { ...parameter, argument });
  }
  const settled = parameters.map((parameter) => renamed.get(parameter) ?? parameter);
  const aliases = settled.map((parameter) => parameter.alias);
  return settled.map((parameter) => {
    const { alias } = parameter;
    const usable =
      alias !== null && !names.has(alias) && aliases.indexOf(alias) === aliases.lastIndexOf(alias);
    return usable ? parameter : { ...parameter, alias: null };
  });
}
