import { type JsonSchema, typesOf } from '../manifest/index.ts';
import { isJsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import { firstSentence } from './prose.ts';

/** A named schema as TypeScript calls it. */
export type TypeNamer = (schema: string) => string;

/** The TypeScript type of what a JSON Schema takes. What TypeScript cannot say is said more widely. */
export function typeOfSchema(schema: JsonSchema, nameOf: TypeNamer, indent = ''): string {
  const { $ref: reference, const: constant, enum: values, not } = schema;
  if (typeof reference === 'string') return nameOf(reference.slice('#/schemas/'.length));
  if (constant !== undefined) return literal(constant);
  if (Array.isArray(values)) return union(values.map(literal));
  if (isJsonObject(not) && Object.keys(not).length === 0) return 'never';
  const parts: string[] = [];
  const own = ownType(schema, nameOf, indent);
  if (own !== null) parts.push(own);
  for (const part of schemasIn(schema['allOf'])) parts.push(typeOfSchema(part, nameOf, indent));
  for (const keyword of ['oneOf', 'anyOf']) {
    const variants = schemasIn(schema[keyword]).map((variant) => typeOfSchema(variant, nameOf, indent));
    if (variants.length > 0) parts.push(union(variants));
  }
  // Beside variants, `type: object` alone adds nothing.
  const telling = parts.length > 1 ? parts.filter((part) => part !== anyObject) : parts;
  const [first = 'unknown'] = telling;
  const type = telling.length <= 1 ? first : telling.map(grouped).join(' & ');
  return schema['nullable'] === true ? union([type, 'null']) : type;
}

const anyObject = '{ [name: string]: unknown }';

function ownType(schema: JsonSchema, nameOf: TypeNamer, indent: string): string | null {
  const types = typesOf(schema);
  if (types.length === 0)
    return schema['properties'] === undefined ? null : objectType(schema, nameOf, indent);
  return union(types.map((type) => plainType(type, schema, nameOf, indent)));
}

function plainType(type: string, schema: JsonSchema, nameOf: TypeNamer, indent: string): string {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'array':
      return isJsonObject(schema['items'])
        ? `Array<${typeOfSchema(schema['items'], nameOf, indent)}>`
        : 'unknown[]';
    case 'object':
      return objectType(schema, nameOf, indent);
    default:
      return 'unknown';
  }
}

function objectType(schema: JsonSchema, nameOf: TypeNamer, indent: string): string {
  const { properties, required, additionalProperties } = schema;
  const known = Object.entries(isJsonObject(properties) ? properties : {});
  if (known.length === 0) {
    if (!isJsonObject(additionalProperties)) return anyObject;
    return `{ [name: string]: ${typeOfSchema(additionalProperties, nameOf, indent)} }`;
  }
  const needed = Array.isArray(required) ? required : [];
  const inner = `${indent}  `;
  const lines = known.map(([name, property]) =>
    propertyLine(name, isJsonObject(property) ? property : {}, needed.includes(name), nameOf, inner),
  );
  const rest = additionalProperties === true || isJsonObject(additionalProperties);
  return `{\n${lines.join('')}${rest ? `${inner}[name: string]: unknown;\n` : ''}${indent}}`;
}

/** A property of an object, with what its document says of it in a sentence. */
export function propertyLine(
  name: string,
  schema: JsonSchema,
  required: boolean,
  nameOf: TypeNamer,
  indent: string,
): string {
  const { description } = schema;
  const comment = typeof description === 'string' ? docComment(firstSentence(description), indent) : '';
  return `${comment}${indent}${propertyName(name)}${required ? '' : '?'}: ${typeOfSchema(schema, nameOf, indent)};\n`;
}

/** A comment on a line of its own; nothing for no text. */
export function docComment(text: string, indent: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim();
  return line === '' ? '' : `${indent}/** ${line} */\n`;
}

export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringifyJson(name);
}

/** One of several types. */
export function union(types: readonly string[]): string {
  const different = [...new Set(types)];
  if (different.includes('unknown')) return 'unknown';
  return different.map(grouped).join(' | ') || 'never';
}

/** A type that another operator may stand beside. */
function grouped(type: string): string {
  return / [|&] /.test(type.replace(/\{[\s\S]*\}/g, '{}')) ? `(${type})` : type;
}

function literal(value: JsonValue): string {
  return typeof value === 'object' && value !== null ? 'unknown' : stringifyJson(value);
}

function schemasIn(value: JsonValue | undefined): JsonSchema[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
