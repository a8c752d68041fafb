import { lookUp } from '../spec/references.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { endingSchemas } from './composition.ts';
import type { JsonSchema } from './manifest.ts';
import { objectOf, stringOf } from './read-document.ts';
import type { Notes } from './report.ts';
import { listKeywords, mapKeywords, schemaKeywords } from './schema-keywords.ts';
import { namedPrefix, schemaNameOf } from './schema-references.ts';

const componentPrefix = '#/components/schemas/';

/**
 * Makes a document's schemas into the manifest's: JSON Schema 2020-12 whose references are `#/schemas/NAME`.
 *
 * References to named schemas stay references; what stands anywhere else is put in, unless it contains itself: then it
 * becomes a named schema too. OpenAPI 3.0's own words (`nullable`, `exclusiveMinimum: true`) become the standard's,
 * vendor extensions are left out, and what a validator cannot take is taken out and noted.
 */
export class SchemaCompiler {
  readonly #document: JsonObject;
  readonly #notes: Notes;
  /** Whether the document is OpenAPI 3.0, whose schemas are a dialect of their own. */
  readonly #dialect30: boolean;
  readonly #names = new Map<string, string>();
  readonly #pointers = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #resolved = new Map<string, JsonSchema>();
  /** Schemas that got a name because they contain themselves. */
  readonly #extra = new Map<string, JsonSchema>();

  constructor(document: JsonObject, notes: Notes) {
    this.#document = document;
    this.#notes = notes;
    this.#dialect30 = stringOf(document['openapi']).startsWith('3.0');
    for (const name of Object.keys(this.#components()))
      this.#name(componentPrefix + escaped(name), this.#free(name));
  }

  /** Every named schema, after the rest is compiled. */
  named(): Record<string, JsonSchema> {
    const compiled = Object.entries(this.#components()).map(([name, schema]) => {
      const pointer = componentPrefix + escaped(name);
      return [this.#names.get(pointer) ?? name, this.compile(schema, pointer)] as const;
    });
    // Read after the rest: compiling it may have named more.
    return endingSchemas(Object.fromEntries([...compiled, ...this.#extra]), (name, reason) =>
      this.#degrade(this.#pointers.get(name) ?? name, reason),
    );
  }

  /** Follows a compiled schema's reference to what it names; a schema without one is itself. */
  resolve(schema: JsonValue | undefined): JsonSchema {
    let current = isJsonObject(schema) ? schema : {};
    for (let depth = 0; depth < 100; depth++) {
      const { $ref } = current;
      if (typeof $ref !== 'string') return current;
      current = this.#compiled(schemaNameOf($ref));
    }
    return {};
  }

  #compiled(name: string): JsonSchema {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const pointer = this.#pointers.get(name);
    const compiled =
      pointer === undefined ? {} : this.compile(lookUp(this.#document, encoded(pointer)), pointer);
    this.#resolved.set(name, compiled);
    return compiled;
  }

  /** @param where its JSON pointer, for the report */
  compile(schema: JsonValue | undefined, where: string): JsonSchema {
    return this.#schema(schema ?? {}, where, []);
  }

  #name(pointer: string, name: string): void {
    this.#names.set(pointer, name);
    this.#pointers.set(name, pointer);
  }

  #components(): JsonObject {
    return objectOf(objectOf(this.#document['components'])['schemas']);
  }

  #schema(value: JsonValue, where: string, open: readonly string[]): JsonSchema {
    // A boolean schema: true takes anything, false nothing.
    if (!isJsonObject(value)) return value === false ? { not: {} } : {};
    const reference = value['$ref'];
    if (typeof reference === 'string') return this.#reference(value, reference, where, open);
    const result: JsonSchema = {};
    for (const [key, inner] of Object.entries(value)) {
      if (key.startsWith('x-') || identifiers.has(key)) continue;
      if (mapKeywords.has(key) && isJsonObject(inner))
        result[key] = this.#map(inner, `${where}/${key}`, open);
      else if (listKeywords.has(key) && Array.isArray(inner)) {
        // An empty choice takes nothing, which nobody means.
        if (inner.length === 0) continue;
        result[key] = inner.map((item, index) => this.#schema(item, `${where}/${key}/${index}`, open));
      } else if (schemaKeywords.has(key)) {
        if (Array.isArray(inner)) {
          // `items: [a, b]` is what 2020-12 calls prefixItems.
          result['prefixItems'] = inner.map((item, index) =>
            this.#schema(item, `${where}/${key}/${index}`, open),
          );
        } else {
          result[key] = typeof inner === 'boolean' ? inner : this.#schema(inner, `${where}/${key}`, open);
        }
      } else result[key] = inner;
    }
    modernise(result);
    return this.#withinMeans(result, where);
  }

  #map(schemas: JsonObject, where: string, open: readonly string[]): JsonObject {
    const result: JsonObject = {};
    for (const [name, schema] of Object.entries(schemas)) {
      Object.defineProperty(result, name, {
        value: this.#schema(schema, `${where}/${escaped(name)}`, open),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return result;
  }

  #reference(value: JsonObject, reference: string, where: string, open: readonly string[]): JsonSchema {
    const target = lookUp(this.#document, reference);
    if (target === undefined) {
      this.#degrade(where, `${reference} refers to nothing`);
      return {};
    }
    const pointer = normalized(reference);
    const name = this.#names.get(pointer);
    if (name !== undefined) return this.#pointing(name, value, where, open);
    if (open.includes(pointer)) {
      const made = this.#free(pointer.slice(2).replace(/^components\/schemas\//, ''));
      this.#name(pointer, made);
      this.#extra.set(made, {});
      this.#extra.set(made, this.#schema(target, pointer, []));
      return this.#pointing(made, value, where, open);
    }
    return this.#beside(this.#schema(target, where, [...open, pointer]), value, where, open);
  }

  #pointing(name: string, value: JsonObject, where: string, open: readonly string[]): JsonSchema {
    return this.#beside({ $ref: namedPrefix + name }, value, where, open);
  }

  /** What stands beside a `$ref`: its description, and in OpenAPI 3.1 more that the value must keep to. */
  #beside(target: JsonSchema, value: JsonObject, where: string, open: readonly string[]): JsonSchema {
    const { $ref, description, ...rest } = value;
    const described = typeof description === 'string' ? { ...target, description } : target;
    if (this.#dialect30 || $ref === undefined) return described;
    const own = this.#schema(rest, where, open);
    const limits = Object.keys(own).some((key) => !annotations.has(key));
    return limits ? { allOf: [described, own] } : described;
  }

  /** The schema without what a validator would fail at. */
  #withinMeans(schema: JsonSchema, where: string): JsonSchema {
    const { pattern, $dynamicRef } = schema;
    if (typeof pattern === 'string' && !isPattern(pattern)) {
      this.#degrade(where, `the pattern ${pattern} is no regular expression of ECMA-262`);
      delete schema['pattern'];
    }
    if (isJsonObject(schema['patternProperties'])) {
      for (const key of Object.keys(schema['patternProperties'])) {
        if (isPattern(key)) continue;
        this.#degrade(where, `the pattern ${key} is no regular expression of ECMA-262`);
        delete schema['patternProperties'];
        break;
      }
    }
    if ($dynamicRef !== undefined) {
      this.#degrade(where, '$dynamicRef takes anything here');
      delete schema['$dynamicRef'];
    }
    if (schema['required'] !== undefined && !Array.isArray(schema['required'])) {
      // `required: true` in a property is a habit of older drafts.
      this.#degrade(where, 'required is no list of names');
      delete schema['required'];
    }
    this.#knownTypes(schema, where);
    return schema;
  }

  #knownTypes(schema: JsonSchema, where: string): void {
    const { type } = schema;
    if (type === undefined) return;
    const said = Array.isArray(type) ? type : [type];
    const known = said.filter((name) => typeof name === 'string' && types.has(name));
    if (known.length === said.length && known.length > 0) return;
    this.#degrade(where, `the type ${JSON.stringify(type)} is none`);
    const [only] = known;
    if (only === undefined) delete schema['type'];
    else schema['type'] = known.length === 1 ? only : known;
  }

  /** Notes that something is taken that the document does not mean. @param place as in `compile` */
  note(place: string, reason: string): void {
    this.#degrade(place, reason);
  }

  #degrade(place: string, reason: string): void {
    this.#notes.degraded.push({ place, reason });
  }

  /** A name that no other schema has, and that can stand in a pointer as it is. */
  #free(wanted: string): string {
    const plain = wanted.replace(/[^A-Za-z0-9._-]+/g, '_') || 'schema';
    let name = plain;
    for (let count = 2; this.#taken.has(name); count++) name = `${plain}_${count}`;
    this.#taken.add(name);
    return name;
  }
}

/** Keywords that would give a part of the manifest another address. */
const identifiers = new Set(['$id', '$schema', '$anchor', '$dynamicAnchor', '$comment', '$vocabulary']);

/** Keywords that say something about a value and ask nothing of it. */
const annotations = new Set([
  'description',
  'title',
  'summary',
  'example',
  'examples',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
]);

const types: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'object',
  'array',
  'number',
  'integer',
  'string',
]);

/** OpenAPI 3.0's dialect as JSON Schema 2020-12. */
function modernise(schema: JsonSchema): void {
  if (schema['nullable'] === true) admitNull(schema);
  delete schema['nullable'];
  for (const [flag, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const exclusive = schema[flag];
    if (typeof exclusive !== 'boolean') continue;
    const limit = schema[bound];
    if (exclusive && typeof limit === 'number') {
      schema[flag] = limit;
      delete schema[bound];
    } else delete schema[flag];
  }
}

function admitNull(schema: JsonSchema): void {
  const { type, enum: values } = schema;
  if (Array.isArray(values) && !values.includes(null)) schema['enum'] = [...values, null];
  if (typeof type === 'string') schema['type'] = [type, 'null'];
  else if (type === undefined) {
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const variants = schema[keyword];
      if (Array.isArray(variants)) schema[keyword] = [...variants, { type: 'null' }];
    }
    const all = schema['allOf'];
    if (Array.isArray(all)) {
      // All of these, or nothing.
      delete schema['allOf'];
      schema['anyOf'] = [all.length === 1 ? (all[0] ?? {}) : { allOf: all }, { type: 'null' }];
    }
  }
}

/** JSON Schema's patterns are ECMA-262's, read with the flag `u`. */
function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** One spelling for a pointer: documents percent-encode as they like. */
function normalized(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
}

/** A pointer as a reference that reads as it stands: a `%` of its own is encoded. */
function encoded(pointer: string): string {
  return pointer.replaceAll('%', '%25');
}
