import { type JsonSchema, propertiesOf, resolve, type SchemaLookup, variantsOf } from '../manifest/index.ts';
import { isJsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import { composed, descriptionOf, itemsOf } from './schema-words.ts';

/** What a schema's object is made of. */
export interface Shape {
  /** What every variant has. */
  readonly fields: readonly Field[];
  /** The variants of a `oneOf` or `anyOf`, each with what it has beside that. */
  readonly variants: readonly Variant[];
}

export interface Variant {
  /** What tells it from the others: `grant_type` is `"password"`. Null when no constant does. */
  readonly when: string | null;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly description: string;
  readonly standard: JsonValue | undefined;
  readonly deprecated: boolean;
  /** Whether it is a list, whose items `inner` describes. */
  readonly list: boolean;
  /** What is in it; null for what holds nothing of its own, or what has been said already. */
  readonly inner: Shape | null;
}

/** How far down is looked. */
const deepest = 5;
/** More variants than this are not gone through one by one: they are named, and the first is shown. */
const mostVariants = 12;

const nothing: Shape = { fields: [], variants: [] };

/** The fields of a schema's object, or of the objects that a list holds. */
export function shapeOf(schema: JsonSchema, lookup: SchemaLookup): Shape {
  return shape(resolve(schema, lookup), lookup, [], 0);
}

export function isEmpty({ fields, variants }: Shape): boolean {
  return fields.length === 0 && variants.length === 0;
}

function shape(schema: JsonSchema, lookup: SchemaLookup, open: readonly JsonSchema[], depth: number): Shape {
  if (depth > deepest || open.includes(schema)) return nothing;
  const parts = composed(schema, lookup);
  const inside = [...open, schema];
  const common = parts.flatMap((part) => fieldsOf(part, lookup, inside, depth));
  const found = parts.flatMap((part) => [
    ...variantsOf(part, 'oneOf', lookup),
    ...variantsOf(part, 'anyOf', lookup),
  ]);
  const shown = found.length > mostVariants ? found.slice(0, 1) : found;
  const variants = shown
    .map((variant) => shape(variant, lookup, inside, depth))
    .map(({ fields, variants: further }, at) => ({
      when: whenOf(shown[at] ?? {}, lookup),
      fields: [...fields, ...further.flatMap((variant) => variant.fields.map(optional))],
    }))
    .filter(({ fields }) => fields.length > 0);
  if (variants.length === 0) return { fields: withoutRepeats(common), variants: [] };
  const [first, ...others] = variants;
  // Beside null or a plain value, it is the one object there is.
  if (first !== undefined && shown.length === found.length && others.length === 0) {
    return { fields: withoutRepeats([...common, ...first.fields]), variants: [] };
  }
  if (found.length > mostVariants) {
    const named = namedConstants(first?.fields ?? [], found, lookup);
    const told = named.filter(({ name }, at) => named[at] !== first?.fields[at] || !has(common, name));
    const others = common.filter(({ name }) => !has(told, name));
    return { fields: withoutRepeats([...others, ...told]), variants: [] };
  }
  const shared = (first?.fields ?? []).filter((field) =>
    others.every(({ fields }) => fields.some((other) => isSame(field, other))),
  );
  const own = variants
    .map(({ when, fields }) => ({
      when,
      fields: fields.filter((field) => !shared.some((other) => isSame(field, other))),
    }))
    .filter(({ fields }) => fields.length > 0);
  // Variants that no constant tells apart are alternatives: each of their fields may be there or not.
  const untold = own.filter(({ when }) => when === null).flatMap(({ fields }) => fields.map(optional));
  return {
    fields: withoutRepeats([...common, ...shared, ...untold]),
    variants: own.filter(({ when }) => when !== null),
  };
}

function fieldsOf(
  part: JsonSchema,
  lookup: SchemaLookup,
  open: readonly JsonSchema[],
  depth: number,
): Field[] {
  const required = Array.isArray(part['required']) ? part['required'] : [];
  return Object.entries(propertiesOf(part)).flatMap(([name, property]): Field[] => {
    if (!isJsonObject(property)) return [];
    const resolved = resolve(property, lookup);
    const items = itemsOf(property, lookup);
    const inner = shape(items ?? resolved, lookup, open, depth + 1);
    return [
      {
        name,
        schema: property,
        required: required.includes(name),
        description: descriptionOf(property, lookup),
        standard: resolved['default'],
        deprecated: resolved['deprecated'] === true,
        list: items !== null,
        inner: isEmpty(inner) ? null : inner,
      },
    ];
  });
}

/** The first of many variants, the constant that tells them apart given as every value it takes. */
function namedConstants(
  fields: readonly Field[],
  variants: readonly JsonSchema[],
  lookup: SchemaLookup,
): Field[] {
  return fields.map((field) => {
    if (resolve(field.schema, lookup)['const'] === undefined) return field;
    const values = variants.flatMap((variant) => {
      const value = resolve(propertyOf(variant, field.name, lookup), lookup)['const'];
      return value === undefined ? [] : [value];
    });
    return { ...field, schema: { enum: [...new Set(values)] } };
  });
}

function propertyOf(schema: JsonSchema, name: string, lookup: SchemaLookup): JsonValue | undefined {
  return composed(schema, lookup)
    .map((part) => propertiesOf(part)[name])
    .find((property) => property !== undefined);
}

/** What tells a variant from the others: its constants. */
function whenOf(variant: JsonSchema, lookup: SchemaLookup): string | null {
  const constants = composed(variant, lookup).flatMap((part) =>
    Object.entries(propertiesOf(part)).flatMap(([name, property]) => {
      const constant = resolve(property, lookup)['const'];
      return constant === undefined || name === 'object'
        ? []
        : [`\`${name}\` is \`${stringifyJson(constant)}\``];
    }),
  );
  return constants.length === 0 ? null : [...new Set(constants)].join(' and ');
}

function has(fields: readonly Field[], name: string): boolean {
  return fields.some((field) => field.name === name);
}

function optional(field: Field): Field {
  return { ...field, required: false };
}

function isSame(one: Field, other: Field): boolean {
  return (
    one.name === other.name &&
    one.required === other.required &&
    one.description === other.description &&
    stringifyJson(one.schema) === stringifyJson(other.schema)
  );
}

/** The first of the fields that have one name. */
function withoutRepeats(fields: readonly Field[]): Field[] {
  return fields.filter((field, at) => fields.findIndex(({ name }) => name === field.name) === at);
}
