import type { Integration } from '../catalog/index.ts';
import {
  type IndexedOperation,
  type JsonSchema,
  type Operation,
  type Parameter,
  resolve,
  typesOf,
} from '../manifest/index.ts';
import {
  docComment,
  propertyLine,
  propertyName,
  type TypeNamer,
  typeOfSchema,
  union,
} from './schema-type.ts';

const helpers = `/** A union's members, each with some of their properties optional: those an account can fill in. */
type Filled<Body, Names extends string> = Body extends unknown
  ? Omit<Body, Names & keyof Body> & Partial<Pick<Body, Names & keyof Body>>
  : never;
`;

/**
 * TypeScript declarations of an integration: for each operation a namespace by its class name, with the types of its
 * arguments and its result, and `Functions`, which has them by every name a function goes by.
 */
export function typeDeclarations(integration: Integration): string {
  const { reader } = integration;
  const operations = reader.index.operations.map((entry) => reader.operation(entry));
  const schemas = reader.schemasOf(
    ...operations.flatMap((operation) => [
      ...operation.parameters.map(({ schema }) => schema),
      operation.body?.schema ?? null,
      successOf(operation),
    ]),
  );
  const names = typeNames(Object.keys(schemas));
  const nameOf: TypeNamer = (schema) => `Schemas.${names.get(schema) ?? 'Unknown'}`;
  const named = Object.entries(schemas).map(
    ([name, schema]) => `  export type ${names.get(name)} = ${typeOfSchema(schema, nameOf, '  ')};\n`,
  );
  const { location, version } = reader.index.source;
  return `// Types of ${reader.index.title} for kosmo, made by \`kosmo integrations:types ${integration.name}\`
// from ${location} ${version}.
//
//   import { createRuntime } from 'kosmo';
//   import type { Functions } from './${integration.name}.js';
//   const kosmo = createRuntime<Functions>();

${helpers}
/** The schemas that the document names. */
export declare namespace Schemas {
  /** What the document does not describe. */
  export type Unknown = unknown;
${named.join('')}}

${operations.map((operation) => namespaceOf(operation, nameOf, reader.schema.bind(reader))).join('\n')}
/** Arguments and result of every function, by each of its names. */
export interface Functions {
${functionLines(integration)}}
`;
}

function namespaceOf(operation: Operation, nameOf: TypeNamer, lookup: (name: string) => JsonSchema): string {
  const { className, summary, method, path, effect, responses } = operation;
  const redirects = responses.some(({ status }) => status.startsWith('3'));
  const answer = successOf(operation);
  const result = redirects
    ? '{ url: string }'
    : answer === null
      ? 'null'
      : typeOfSchema(answer, nameOf, '  ');
  return `${docComment(`${summary}: ${method} ${path} (${effect})`, '')}export declare namespace ${className} {
  export type Arguments = ${argumentsType(operation, nameOf, lookup)};
  export type Result = ${result};
}
`;
}

function argumentsType(
  operation: Operation,
  nameOf: TypeNamer,
  lookup: (name: string) => JsonSchema,
): string {
  const { parameters, body } = operation;
  const parts: string[] = [];
  const plain = parameters.filter(({ alias }) => alias === null);
  if (plain.length > 0)
    parts.push(`{\n${plain.map((parameter) => line(parameter, parameter.argument, nameOf)).join('')}  }`);
  for (const parameter of parameters) {
    const { alias, argument } = parameter;
    if (alias === null) continue;
    const spellings = [argument, alias].map((name) => `{\n${line(parameter, name, nameOf)}  }`);
    parts.push(`(${spellings.join(' | ')})`);
  }
  if (body !== null) {
    const whole = typeOfSchema(body.schema, nameOf, '  ');
    const fillable = Object.keys(body.accountDefaults).map((name) => JSON.stringify(name));
    const type = fillable.length === 0 ? whole : `Filled<${whole}, ${fillable.join(' | ')}>`;
    const taken = new Set(parameters.flatMap(({ argument, alias }) => [argument, alias]));
    const clashes = body.properties.some((name) => taken.has(name) || name === 'body');
    const types = typesOf(resolve(body.schema, lookup));
    const liftable = !clashes && (types.length === 0 || types.includes('object'));
    const under = `{ body${body.required ? '' : '?'}: ${type} }`;
    parts.push(liftable ? `(${type} | ${under})` : under);
  }
  return parts.length === 0 ? '{ [name: string]: never }' : parts.join(' & ');
}

function line(parameter: Parameter, name: string, nameOf: TypeNamer): string {
  const { schema, description, required, accountDefault } = parameter;
  const described = description === '' ? schema : { ...schema, description };
  return propertyLine(name, described, required && accountDefault.length === 0, nameOf, '    ');
}

function functionLines(integration: Integration): string {
  const byName = new Map<string, IndexedOperation[]>();
  const { operations } = integration.reader.index;
  for (const { slug, luaName, aliases } of operations)
    for (const name of [luaName, slug, ...aliases]) byName.set(name, [...integration.find(name)]);
  return [...byName]
    .map(([name, entries]) => {
      const classes = entries.map((entry) => integration.reader.operation(entry).className);
      const types = (kind: string) => union(classes.map((className) => `${className}.${kind}`));
      return `  ${propertyName(`${integration.name}.${name}`)}: { arguments: ${types('Arguments')}; result: ${types('Result')} };\n`;
    })
    .join('');
}

function successOf({ responses }: Operation): JsonSchema | null {
  return responses.find(({ status }) => status.startsWith('2') || status === 'default')?.schema ?? null;
}

/** A TypeScript name for each schema; names that would be the same are numbered. */
function typeNames(schemas: readonly string[]): Map<string, string> {
  const taken = new Set(['Unknown']);
  const names = new Map<string, string>();
  for (const schema of schemas) {
    const plain = schema.replace(/[^A-Za-z0-9_$]+/g, '_').replace(/^(?=\d)/, '_');
    let name = plain;
    for (let number = 2; taken.has(name); number += 1) name = `${plain}_${number}`;
    taken.add(name);
    names.set(schema, name);
  }
  return names;
}
