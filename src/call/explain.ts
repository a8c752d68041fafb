import { format as formats } from '@cfworker/json-schema';
import { didYouMean, nearestNames } from '../catalog/index.ts';
import type { JsonSchema } from '../manifest/index.ts';
import {
  describeSchema,
  describeValue,
  fittingVariants,
  hasType,
  propertiesOf,
  resolve,
  type SchemaLookup,
  typesOf,
  variantsOf,
} from '../manifest/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { withinTime } from '../support/time-budget.ts';
import { childPath, type Issue, mismatch } from './issue.ts';

/**
 * Says what is wrong with a value that a validator has refused, in terms of what a person wrote: each issue once,
 * at its own place, and for a choice of variants only the one that was meant. It judges nothing itself.
 */
export function explain(schema: JsonSchema, value: JsonValue, path: string, lookup: SchemaLookup): Issue[] {
  const resolved = resolve(schema, lookup);
  const own = explainValue(resolved, value, path, lookup);
  if (own !== null) return [own];
  const issues = variantsOf(resolved, 'allOf', lookup).flatMap((part) => explain(part, value, path, lookup));
  for (const keyword of ['oneOf', 'anyOf'] as const) {
    issues.push(...explainChoice(variantsOf(resolved, keyword, lookup), resolved, value, path, lookup));
  }
  if (isJsonObject(value)) issues.push(...explainProperties(resolved, value, path, lookup));
  if (Array.isArray(value) && isJsonObject(resolved['items'])) {
    const items = resolved['items'];
    issues.push(...value.flatMap((item, index) => explain(items, item, childPath(path, index), lookup)));
  }
  return issues;
}

/** What is wrong with the value itself, not with its parts. */
function explainValue(
  schema: JsonSchema,
  value: JsonValue,
  path: string,
  lookup: SchemaLookup,
): Issue | null {
  const wrong = () => mismatch(path, describeSchema(schema, lookup), describeValue(value));
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => hasType(value, type))) return wrong();
  const { const: constant, enum: values } = schema;
  if (constant !== undefined && isScalar(constant) && constant !== value) return wrong();
  if (Array.isArray(values) && values.every(isScalar) && !values.includes(value)) {
    const near = typeof value === 'string' ? didYouMean(nearestNames(value, values.map(String))) : '';
    const issue = wrong();
    return { ...issue, message: issue.message + near };
  }
  return withinBounds(schema, value) ? null : wrong();
}

function withinBounds(schema: JsonSchema, value: JsonValue): boolean {
  const atLeast = (bound: JsonValue | undefined, size: number) => typeof bound !== 'number' || size >= bound;
  const atMost = (bound: JsonValue | undefined, size: number) => typeof bound !== 'number' || size <= bound;
  if (typeof value === 'number') return atLeast(schema['minimum'], value) && atMost(schema['maximum'], value);
  if (typeof value === 'string') {
    // JSON Schema counts code points.
    const length = Array.from(value).length;
    const pattern = schema['pattern'];
    const matches = typeof pattern !== 'string' || matchesPattern(pattern, value);
    return (
      atLeast(schema['minLength'], length) &&
      atMost(schema['maxLength'], length) &&
      matches &&
      hasFormat(schema['format'], value)
    );
  }
  if (Array.isArray(value))
    return atLeast(schema['minItems'], value.length) && atMost(schema['maxItems'], value.length);
  return true;
}

function explainChoice(
  variants: readonly JsonSchema[],
  schema: JsonSchema,
  value: JsonValue,
  path: string,
  lookup: SchemaLookup,
): Issue[] {
  if (variants.length === 0) return [];
  const attempts = variants.map((variant) => explain(variant, value, path, lookup));
  if (attempts.some((issues) => issues.length === 0)) return [];
  const meant = fittingVariants(variants, value, lookup);
  const only = meant.length === 1 ? variants.indexOf(meant[0] ?? {}) : -1;
  if (only >= 0) return attempts[only] ?? [];
  const tellingProperty = discriminatorOf(variants, lookup);
  if (tellingProperty !== null && isJsonObject(value)) {
    const values = tellingProperty.values.join(', ');
    const received = describeValue(value[tellingProperty.name]);
    return [mismatch(childPath(path, tellingProperty.name), `one of ${values}`, received)];
  }
  if (!isJsonObject(value)) return [mismatch(path, describeSchema(schema, lookup), describeValue(value))];
  // The variant that needs the least change is the one that was most likely meant.
  return attempts.reduce((best, issues) => (issues.length < best.length ? issues : best));
}

/** The property that every variant fixes to a value of its own. */
function discriminatorOf(
  variants: readonly JsonSchema[],
  lookup: SchemaLookup,
): { name: string; values: string[] } | null {
  for (const name of Object.keys(propertiesOf(variants[0] ?? {}))) {
    const constants = variants.map((variant) => resolve(propertiesOf(variant)[name], lookup)['const']);
    if (constants.every((constant) => typeof constant === 'string')) {
      return { name, values: constants.map((constant) => JSON.stringify(constant)) };
    }
  }
  return null;
}

function explainProperties(
  schema: JsonSchema,
  value: JsonObject,
  path: string,
  lookup: SchemaLookup,
): Issue[] {
  const issues: Issue[] = [];
  const properties = propertiesOf(schema);
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  for (const name of required) {
    if (typeof name !== 'string' || Object.hasOwn(value, name)) continue;
    const property = resolve(properties[name], lookup);
    issues.push(mismatch(childPath(path, name), describeSchema(property, lookup), describeValue(undefined)));
  }
  for (const [name, inner] of Object.entries(value)) {
    const place = childPath(path, name);
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const { additionalProperties } = schema;
    if (isJsonObject(known)) issues.push(...explain(known, inner, place, lookup));
    else if (isJsonObject(additionalProperties))
      issues.push(...explain(additionalProperties, inner, place, lookup));
  }
  return issues;
}

/** Whether a text has the format the validator checks; formats it does not know take anything. */
function hasFormat(format: JsonValue | undefined, value: string): boolean {
  const check = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined;
  return check === undefined || check(value);
}

/** A pattern that takes too long has nothing to say of a value. */
function matchesPattern(pattern: string, value: string): boolean {
  return withinTime(200, () => new RegExp(pattern, 'u').test(value)) ?? true;
}

function isScalar(value: JsonValue): boolean {
  return value === null || typeof value !== 'object';
}
